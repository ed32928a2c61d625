#!/usr/bin/python3
"""Writes a random chain whose revisions build on each other: random_chain.py FOLDER [SEED [LENGTH]]

Every revision can be applied and taken back on a server, in order: a model of the schema knows what
there is. The same seed writes the same files. A new sort of change is one more method with @change;
it gives the lines of upgrade() and those of downgrade(), and changes the model.
"""

import os
import random
import sys

CHANGES = []  # (method, weight)


def change(weight):
    def register(method):
        CHANGES.append((method, weight))
        return method

    return register


TABLES = """accounts orders lines customers products shipments sessions files events jobs teams
projects builds user order camelCase""".split()
COLUMNS = """email name title created_at updated_at state amount price note body slug position size
url user end userId "odd" größe per%cent""".split()
FAMILIES = {
    "whole": (["sa.Integer()", "sa.BigInteger()", "sa.SmallInteger()", "sa.INTEGER()"],
              ["'0'", "sa.text('7')", "sa.text('1 + 1')"]),
    "number": (["sa.Numeric(12, 2)", "sa.Float()", "sa.Numeric()", "postgresql.DOUBLE_PRECISION()"],
               ["'0'", "sa.text('1.5')"]),
    "text": (["sa.Text()", "sa.String()", "sa.String(length=40)", "sa.Unicode(64)",
              "sa.VARCHAR(length=80)", "sa.String(30, collation='C')"],
             ["'new'", "\"it's\"", "sa.text(\"'x'\")", "sa.func.lower('A')", "sa.text(\"'a:b'\")"]),
    "moment": (["sa.DateTime()", "sa.DateTime(timezone=True)", "postgresql.TIMESTAMP(precision=3)",
                "sa.TIMESTAMP(timezone=True)"],
               ["sa.func.now()", "sa.text('now()')", "sa.text('CURRENT_TIMESTAMP')"]),
    "flag": (["sa.Boolean()", "sa.BOOLEAN()"], ["sa.false()", "sa.text('true')", "'f'"]),
    "data": (["postgresql.JSONB()", "postgresql.JSONB(astext_type=sa.Text())"],
             ["sa.text(\"'{}'::jsonb\")", "'{}'"]),
    "id": (["postgresql.UUID()", "postgresql.UUID(as_uuid=True)"],
           ["sa.text('gen_random_uuid()')"]),
    "list": (["postgresql.ARRAY(sa.Text())", "sa.ARRAY(sa.String(20))"], ["'{}'"]),
}
ACTIONS = ["CASCADE", "SET NULL", "RESTRICT", "NO ACTION"]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Column:
    def __init__(self, family, type_, nullable, default):
        self.family = family
        self.type = type_
        self.nullable = nullable
        self.default = default

    def text(self, name, *more):
        arguments = [repr(name), self.type, *more, f"nullable={self.nullable}"]
        if self.default:
            arguments.append(f"server_default={self.default}")
        return f"sa.Column({', '.join(arguments)})"


class Table:
    def __init__(self):
        self.columns = {}
        self.held = set()  # columns that something else needs
        self.viewed = False


class Voice:
    """`op.` or, of one table, `batch_op.`"""

    def __init__(self, table, batch):
        self.table = table
        self.batch = batch

    def of_column(self, operation, *arguments):
        first = [] if self.batch else [repr(self.table)]
        return self.call(operation, first + list(arguments))

    def of_name(self, operation, name, *arguments):
        second = [] if self.batch else [repr(self.table)]
        return self.call(operation, [repr(name)] + second + list(arguments))

    def drop(self, operation, name, *arguments):
        table = [] if self.batch else [f"table_name={self.table!r}"]
        return self.call(operation, [repr(name)] + table + list(arguments))

    def call(self, operation, arguments):
        return f"{'batch_op' if self.batch else 'op'}.{operation}({', '.join(arguments)})"


class Chain:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.tables = {}
        self.enums = {}
        self.number = 0

    def one(self, *choices):
        return self.chance.choice(choices)

    def odds(self, percent):
        return self.chance.random() * 100 < percent

    def fresh(self, prefix):
        self.number += 1
        return f"{prefix}_{self.number}"

    def free(self, names, taken):
        names = [name for name in names if name not in taken]
        return self.chance.choice(names) if names else self.fresh("more")

    def table(self, plain=False):
        names = [name for name, table in self.tables.items() if not (plain and table.viewed)]
        return self.chance.choice(names) if names else None

    def column(self, nullable=None):
        family = self.chance.choice(list(FAMILIES))
        types, defaults = FAMILIES[family]
        if nullable is None:
            nullable = self.odds(60)
        default = self.chance.choice(defaults) if not nullable or self.odds(30) else None
        return Column(family, self.chance.choice(types), nullable, default)

    # Whole tables.

    @change(3)
    def create_table(self):
        name = self.free(TABLES, self.tables)
        table = Table()
        key = self.one("sa.Integer()", "sa.BigInteger()", "sa.Integer(), sa.Identity()")
        items = [self.one(f"sa.Column('id', {key}, primary_key=True)",
                          f"sa.Column('id', {key}, nullable=False)")]
        if "nullable" in items[0]:
            named = self.one("", f", name={self.fresh('pk')!r}")
            items.append(f"sa.PrimaryKeyConstraint('id'{named})")
        table.columns["id"] = Column("whole", "sa.Integer()", False, None)
        table.held.add("id")
        before, after = [], []
        for _ in range(self.chance.randint(1, 5)):
            column_name = self.free(COLUMNS, table.columns)
            column = table.columns[column_name] = self.column()
            extra = []
            if self.odds(12):
                extra.append("unique=True")
                table.held.add(column_name)
            elif self.odds(12) and column.family != "data":
                extra.append("index=True")
                table.held.add(column_name)
            elif self.odds(15):
                extra.append(f"comment={self.one('why', 'it is 5%', 'two' + chr(10) + 'lines')!r}")
            text = column.text(column_name)
            items.append(text[:-1] + "".join(", " + part for part in extra) + ")")
        if self.odds(35):
            enum = self.fresh("kind")
            labels = self.chance.sample(["new", "open", "done", "it's", "A b"], 3)
            self.enums[enum] = labels
            items.append(f"sa.Column('{enum}', sa.Enum({', '.join(map(repr, labels))}, name='{enum}'))")
            table.columns[enum] = Column("enum", enum, True, None)
            table.held.add(enum)
            after.append(self.one(f"sa.Enum(name='{enum}').drop(op.get_bind())",
                                  f"sa.Enum(name='{enum}').drop(op.get_bind(), checkfirst=True)",
                                  f"op.execute('DROP TYPE {enum}')"))
        if self.tables and self.odds(50):
            other = self.table()
            action = self.one("", f", ondelete={self.one(*ACTIONS)!r}")
            if self.odds(50):
                items.append(f"sa.Column('parent_id', sa.BigInteger(), sa.ForeignKey({other + '.id'!r}{action}))")
            else:
                items.append("sa.Column('parent_id', sa.BigInteger())")
                items.append(f"sa.ForeignKeyConstraint(['parent_id'], [{other + '.id'!r}]{action}, "
                             f"name={self.fresh('fk')!r})")
            table.columns["parent_id"] = Column("whole", "sa.BigInteger()", True, None)
            table.held.add("parent_id")
        wholes = [c for c, column in table.columns.items() if column.family == "whole"]
        if self.odds(40):
            chosen = self.chance.choice(wholes)
            items.append(f"sa.CheckConstraint({quoted(chosen) + ' >= 0'!r}, name={self.fresh('ck')!r})")
            table.held.add(chosen)
        if self.odds(25):
            pair = self.chance.sample(list(table.columns), 2)
            if not any(table.columns[c].family == "data" for c in pair):
                items.append(f"sa.UniqueConstraint({pair[0]!r}, {pair[1]!r}, name={self.fresh('uq')!r})")
                table.held.update(pair)
        self.tables[name] = table
        body = "".join(f"\n        {item}," for item in items)
        rows = ""
        if self.odds(40):
            after.insert(0, f"op.execute(sa.delete(sa.table({name!r})))")
            rows = f"INSERT INTO \"{name}\" (id) SELECT g FROM generate_series(1, 3) g"
        required = any(not c.nullable and not c.default for n, c in table.columns.items() if n != "id")
        up = before + [f"op.create_table({name!r},{body}\n    )"]
        if rows and not required and "unique" not in body.lower():
            up.append(f"op.execute({rows!r})")
        drop = f"op.drop_table({name!r})"
        down = [line for line in after if "delete" in line] + [drop]
        return up, down + [line for line in after if "delete" not in line]

    @change(1)
    def rename_table(self):
        name = self.table(plain=True)
        if not name:
            return None
        to = self.free(TABLES, self.tables)
        self.tables[to] = self.tables.pop(name)
        return [f"op.rename_table({name!r}, {to!r})"], [f"op.rename_table({to!r}, {name!r})"]

    @change(1)
    def drop_table(self):
        name = self.fresh("gone")
        create = f"op.create_table({name!r}, sa.Column('id', sa.Integer(), primary_key=True))"
        drop = f"op.drop_table({name!r})"
        return self.one(([create, drop], []), ([], [create, drop]), ([create], [drop]))

    # What changes a table, by `op` or in a batch.

    def add_column(self, voice, table):
        name = self.free(COLUMNS, table.columns)
        column = table.columns[name] = self.column()
        return [voice.of_column("add_column", column.text(name))], [voice.of_column("drop_column", repr(name))]

    def drop_column(self, voice, table):
        names = [n for n in table.columns if n not in table.held]
        if not names or table.viewed:
            return None
        name = self.chance.choice(names)
        column = table.columns.pop(name)
        return ([voice.of_column("drop_column", repr(name))],
                [voice.of_column("add_column", column.text(name))])

    def rename_column(self, voice, table):
        names = [n for n in table.columns if n != "id"]
        if not names or table.viewed:
            return None
        name, to = self.chance.choice(names), self.free(COLUMNS, table.columns)
        table.columns[to] = table.columns.pop(name)
        if name in table.held:
            table.held.add(to)
        return ([voice.of_column("alter_column", repr(name), f"new_column_name={to!r}")],
                [voice.of_column("alter_column", repr(to), f"new_column_name={name!r}")])

    def change_nullable(self, voice, table):
        names = [n for n, c in table.columns.items() if n != "id" and not c.nullable]
        if not names:
            return None
        name = self.chance.choice(names)
        column = table.columns[name]
        column.nullable = True
        existing = f"existing_type={column.type}" if column.family != "enum" else ""
        more = [existing] if existing else []
        return ([voice.of_column("alter_column", repr(name), *more, "nullable=True")],
                [voice.of_column("alter_column", repr(name), *more, "nullable=False")])

    def change_default(self, voice, table):
        names = [n for n, c in table.columns.items() if n != "id" and c.family in FAMILIES and c.nullable]
        if not names:
            return None
        name = self.chance.choice(names)
        column = table.columns[name]
        new = self.chance.choice(FAMILIES[column.family][1] + [None])
        old, column.default = column.default, new
        return ([voice.of_column("alter_column", repr(name), f"server_default={new}")],
                [voice.of_column("alter_column", repr(name), f"server_default={old}")])

    def change_type(self, voice, table):
        names = [n for n, c in table.columns.items() if n not in table.held and c.family in FAMILIES]
        if not names or table.viewed:
            return None
        name = self.chance.choice(names)
        column = table.columns[name]
        old, column.type = column.type, self.chance.choice(FAMILIES[column.family][0])
        using = ""
        if self.odds(20) and column.family == "text":
            using = f", postgresql_using={quoted(name) + '::text'!r}"
        return ([voice.of_column("alter_column", repr(name), f"existing_type={old}, type_={column.type}{using}")],
                [voice.of_column("alter_column", repr(name), f"existing_type={column.type}, type_={old}")])

    def change_comment(self, voice, table):
        name = self.chance.choice([n for n in table.columns])
        return ([voice.of_column("alter_column", repr(name), f"comment={self.one('x', 'it' + chr(39) + 's')!r}")],
                [voice.of_column("alter_column", repr(name), "comment=None")])

    def add_index(self, voice, table):
        names = [n for n, c in table.columns.items() if c.family != "data"]
        chosen = self.chance.sample(names, min(len(names), self.chance.randint(1, 2)))
        table.held.update(chosen)
        name = self.fresh("ix")
        columns = [repr(c) for c in chosen]
        options = self.one("", ", unique=False", ", postgresql_using='btree'",
                           ", postgresql_where=sa.text('id > 3')", ", postgresql_include=['id']"
                           if "id" not in chosen else "")
        if self.odds(25):
            columns[0] = self.one(f"sa.text({quoted(chosen[0]) + ' DESC'!r})",
                                  f"sa.text({'(' + quoted(chosen[0]) + ' IS NULL)'!r})")
        return ([voice.of_name("create_index", name, f"[{', '.join(columns)}]{options}")],
                [voice.drop("drop_index", name)])

    def add_unique(self, voice, table):
        names = [n for n, c in table.columns.items() if c.family in ("whole", "text", "moment", "id")]
        chosen = ["id"] + [n for n in self.chance.sample(names, 1) if n != "id"]
        table.held.update(chosen)
        name = self.fresh("uq")
        more = self.one("", "", ", deferrable=True", ", deferrable=True, initially='DEFERRED'")
        return ([voice.of_name("create_unique_constraint", name, f"{chosen!r}{more}")],
                [voice.of_name("drop_constraint", name, "type_='unique'")])

    def add_check(self, voice, table):
        name = self.fresh("ck")
        condition = self.one("id > 0", "id < 1000000 OR id IS NULL", "id % 2 IN (0, 1)",
                             "'a:b' <> '%s'")
        given = self.one(repr(condition), f"sa.text({condition!r})") if ":" not in condition else repr(condition)
        return ([voice.of_name("create_check_constraint", name, given)],
                [voice.of_name("drop_constraint", name, *self.one(["type_='check'"], []))])

    def add_foreign_key(self, voice, table):
        other, column, name = self.table(), self.fresh("ref"), self.fresh("fk")
        table.columns[column] = Column("whole", "sa.BigInteger()", True, None)
        table.held.add(column)
        action = self.one("", f", ondelete={self.one(*ACTIONS)!r}", ", deferrable=True")
        key = voice.of_name("create_foreign_key", name,
                            f"{other!r}, [{column!r}], ['id']{action}")
        return ([voice.of_column("add_column", f"sa.Column({column!r}, sa.BigInteger())"), key],
                [voice.of_name("drop_constraint", name, "type_='foreignkey'"),
                 voice.of_column("drop_column", repr(column))])

    def add_computed(self, voice, table):
        name = self.fresh("twice")
        table.columns[name] = Column("other", "sa.BigInteger()", True, None)
        table.held.add(name)
        return ([voice.of_column("add_column", f"sa.Column({name!r}, sa.BigInteger(), sa.Computed('id * 2', persisted=True))")],
                [voice.of_column("drop_column", repr(name))])

    def add_enum(self, voice, table):
        enum = self.fresh("state")
        labels = self.chance.sample(["new", "open", "done", "it's"], 2)
        self.enums[enum] = labels
        default = self.one("", f", server_default={labels[0]!r}")
        table.columns[enum] = Column("enum", enum, True, None)
        table.held.add(enum)
        made = self.one(f"sa.Enum({', '.join(map(repr, labels))}, name='{enum}')",
                        f"postgresql.ENUM({', '.join(map(repr, labels))}, name='{enum}', create_type=False)")
        create = made.replace(", create_type=False", "") + ".create(op.get_bind())"
        return ([create, voice.of_column("add_column", f"sa.Column('{enum}', {made}{default})")],
                [voice.of_column("drop_column", repr(enum)),
                 f"sa.Enum(name='{enum}').drop(op.get_bind(), checkfirst=False)"])

    ALTERATIONS = [add_column, add_column, drop_column, rename_column, change_nullable,
                   change_default, change_type, change_comment, add_index, add_unique, add_check,
                   add_foreign_key, add_enum, add_computed]

    @change(8)
    def alter(self):
        name = self.table()
        return name and self.chance.choice(self.ALTERATIONS)(self, Voice(name, False), self.tables[name])

    @change(3)
    def batch(self):
        name = self.table()
        if not name:
            return None
        voice, up, down = Voice(name, True), [], []
        for _ in range(self.chance.randint(1, 3)):
            done = self.chance.choice(self.ALTERATIONS)(self, voice, self.tables[name])
            if done:
                up += done[0]
                down = done[1] + down
        options = self.one("", "", ", schema=None", ", recreate='never'")
        # What belongs to no table stays outside.
        within = lambda lines: (
            [f"with op.batch_alter_table({name!r}{options}) as batch_op:"] +
            ["    " + line for line in lines])
        outside = [line for line in up if ".create(" in line]
        ends = [line for line in down if ".drop(" in line]
        up = [line for line in up if line not in outside]
        down = [line for line in down if line not in ends]
        return (outside + within(up), within(down) + ends) if up else None

    # Other objects, and rows.

    @change(1)
    def view(self):
        name = self.table()
        if not name:
            return None
        view, table = self.fresh("view"), self.tables[name]
        table.viewed = True
        query = self.one(f"SELECT * FROM \"{name}\"", f"SELECT id, count(*) AS n FROM \"{name}\" GROUP BY id",
                         f"SELECT id FROM \"{name}\" UNION ALL SELECT id + 1 FROM \"{name}\"")
        return [f"op.execute({f'CREATE VIEW {view} AS {query}'!r})"], [f"op.execute('DROP VIEW {view}')"]

    @change(1)
    def function(self):
        name = self.table()
        if not name:
            return None
        function = self.fresh("touch")
        body = (f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.id := NEW.id; RETURN NEW; END $$")
        trigger = (f"CREATE TRIGGER {function} BEFORE UPDATE ON \"{name}\" FOR EACH ROW "
                   f"EXECUTE FUNCTION {function}()")
        return ([f"op.execute({body!r})", f"op.execute(sa.text({trigger!r}))"],
                [f"op.execute('DROP FUNCTION {function}() CASCADE')"])

    @change(1)
    def table_comment(self):
        name = self.table()
        if not name:
            return None
        comment = self.one("why", "it's 5% of all", "a\\b", "two\nlines")
        return ([f"op.create_table_comment({name!r}, {comment!r}, existing_comment=None)"],
                [f"op.drop_table_comment({name!r}, existing_comment={comment!r})"])

    @change(1)
    def server_named(self):
        """What the server has given a name is dropped by that."""
        name, column = self.fresh("long_" * self.chance.randint(1, 11) + "t"), self.one("code", "UPPER")
        key = f"{name}_{column}_key"
        if len(key) > 63:  # as the server shortens it
            key = f"{name[:63 - len(column) - 5]}_{column}_key"
        self.tables[name] = table = Table()
        table.columns = {"id": Column("whole", "sa.Integer()", False, None),
                         column: Column("text", "sa.String(9)", True, None)}
        table.held.update(table.columns)
        create = (f"op.create_table({name!r}, sa.Column('id', sa.Integer(), primary_key=True), "
                  f"sa.Column({column!r}, sa.String(9)), sa.UniqueConstraint({column!r}))")
        return ([create, f"op.drop_constraint({key!r}, {name!r}, type_='unique')"],
                [f"op.create_unique_constraint(None, {name!r}, [{column!r}])",
                 f"op.drop_constraint({key!r}, {name!r})", f"op.drop_table({name!r})"])

    @change(1)
    def other_schema(self):
        schema, kind = self.fresh("Area"), self.fresh("mood")
        other = self.table()
        key = f", sa.ForeignKey({other + '.id'!r}, ondelete='CASCADE')" if other and self.odds(60) else ""
        return ([f"op.execute(sa.schema.CreateSchema({schema!r}))",
                 f"op.create_table('inner', sa.Column('id', sa.Integer(), primary_key=True), "
                 f"sa.Column('of', sa.BigInteger(){key}), "
                 f"sa.Column('k', sa.Enum('a', 'b', name={kind!r}, schema={schema!r})), schema={schema!r})",
                 f"op.create_index('ix_inner', 'inner', ['of'], schema={schema!r})",
                 f"op.add_column('inner', sa.Column('up', sa.Integer(), "
                 f"sa.ForeignKey({schema + '.inner.id'!r})), schema={schema!r})",
                 f"op.alter_column('inner', 'k', nullable=False, server_default='a', schema={schema!r})",
                 f"op.bulk_insert(sa.table('inner', sa.column('of', sa.BigInteger()), schema={schema!r}), "
                 "[{'of': None}, {'of': None}])"],
                [f"op.drop_column('inner', 'up', schema={schema!r})",
                 f"op.drop_index('ix_inner', 'inner', schema={schema!r})",
                 f"op.drop_table('inner', schema={schema!r})",
                 f"sa.Enum(name={kind!r}, schema={schema!r}).drop(op.get_bind())",
                 f"op.execute(sa.schema.DropSchema({schema!r}))"])

    @change(1)
    def asked(self):
        """A revision that looks before it acts."""
        name, new = self.table(), self.fresh("extra")
        if not name:
            return None
        columns = f"[c['name'] for c in sa.inspect(op.get_bind()).get_columns({name!r})]"
        self.tables[name].columns[new] = Column("text", "sa.Text()", True, None)
        return ([f"if sa.inspect(op.get_bind()).has_table({name!r}) and {new!r} not in {columns}:\n"
                 f"        op.add_column({name!r}, sa.Column({new!r}, sa.Text()))"],
                [f"if {new!r} in {columns}:\n        op.drop_column({name!r}, {new!r})"])

    @change(1)
    def label(self):
        if not self.enums:
            return None
        enum = self.chance.choice(list(self.enums))
        label = self.fresh("label")
        return ([f"with op.get_context().autocommit_block():\n        op.execute(\"ALTER TYPE {enum} ADD VALUE '{label}'\")"],
                [])

    @change(1)
    def sequence(self):
        name = self.fresh("seq")
        return ([self.one(f"op.execute(sa.schema.CreateSequence(sa.Sequence('{name}', start=5)))",
                          f"op.execute('CREATE SEQUENCE {name} AS integer START 5')")],
                [self.one(f"op.execute('DROP SEQUENCE {name}')",
                          f"op.execute(sa.schema.DropSequence(sa.Sequence('{name}')))")])

    @change(1)
    def rows(self):
        name = self.table()
        if not name:
            return None
        return ([self.one(f"op.execute(sa.table({name!r}, sa.column('id')).update().values(id=sa.column('id')))",
                          f"op.get_bind().execute(sa.text('UPDATE \"{name}\" SET id = id WHERE id > :low'), {{'low': 5}})",
                          f"op.execute(sa.delete(sa.table({name!r}, sa.column('id'))).where(sa.column('id') == -1))")],
                [])

    def revision(self, number):
        up, down = [], []
        methods = [method for method, weight in CHANGES for _ in range(weight)]
        for _ in range(self.chance.randint(1, 4)):
            done = self.chance.choice(methods)(self) if self.tables else self.create_table()
            if done:
                up += done[0]
                down = done[1] + down
        lines = lambda body: "\n".join("    " + line for line in body) or "    pass"
        parent = repr(f"r{number - 1:03}") if number > 1 else None
        return (f'"""number {number}"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n'
                "from sqlalchemy.dialects import postgresql\n\n"
                f'revision = "r{number:03}"\ndown_revision = {parent}\n\n\n'
                f"def upgrade():\n{lines(up)}\n\n\ndef downgrade():\n{lines(down)}\n")


def write(folder, seed, length):
    os.makedirs(folder, exist_ok=True)
    chain = Chain(seed)
    for number in range(1, length + 1):
        with open(os.path.join(folder, f"r{number:03}.py"), "w", encoding="utf-8") as file:
            file.write(chain.revision(number))


if __name__ == "__main__":
    write(sys.argv[1], int((sys.argv[2:] or ["1"])[0]), int((sys.argv[3:] or ["30"])[0]))
