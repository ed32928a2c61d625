#!/usr/bin/python3
"""Writes random revisions as people write them: each function does one thing, or two.

    generate.py FOLDER [COUNT [SEED [SQLALCHEMY]]]

The same seed writes the same files. What only later versions of Alembic know, or print in another
way, is left out when SQLALCHEMY is 1. Nothing is written on which retort differs from Alembic on
purpose: backslashes, tabs, `:word` in quotes, values given to execute(), a `;` at an end, several
indexes of one create_table, a type that is made twice, is_offline_mode(). A new sort of function is
one more @kind.
"""

import os
import random
import sys

KINDS = []  # (function, weight, least version of SQLAlchemy)


def kind(weight=1, needs=1):
    def register(function):
        KINDS.append((function, weight, needs))
        return function

    return register


NAMES = """accounts orders order_lines customers products shipments sessions audit_log tags files
events jobs invoices payments teams members projects builds releases""".split()
COLUMNS = """email name title created_at updated_at status kind amount price quantity note body slug
position customer_id account_id owner_id parent_id is_active deleted_at payload size score
url""".split()
ODD = [
    "user",
    "order",
    "group",
    "userId",
    "Order Lines",
    "größe",
    "naïve",
    "2fa",
    "a$b",
    "_x",
    "名前",
    "end",
    'with"quote',
    "per%cent",
    "UPPER",
    "default",
    "a.b",
    "select",
]
TEXTS = [
    "",
    "new",
    "pending",
    "it's",
    'say "hi"',
    "100%",
    "%s",
    "%(x)s",
    "a, b",
    "naïve",
    "日本",
    "two\nlines",
    "12:30",
    "a::b",
    "x = 1",
    "{}",
    "{name}",
    "--",
    "/* no */",
    "$1",
    "  padded ",
    "O''Brien",
    "a;b",
    "https://example.org/?q=1&r=%20",
]
ACTIONS = ["CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION", "cascade", "set null"]


class Revision:
    """What a file is made of so far."""

    def __init__(self, chance, version, convention):
        self.chance = chance
        self.version = version
        self.convention = convention  # names may be left to a naming convention
        self.preamble = []
        self.imports = set()
        self.taken = set()

    # choices
    def odds(self, percent):
        return self.chance.random() * 100 < percent

    def one(self, *choices):
        return self.chance.choice(choices)

    def some(self, choices, least=0, most=3):
        return self.chance.sample(
            list(choices), self.chance.randint(least, min(most, len(choices)))
        )

    def number(self, low=0, high=1000):
        return self.chance.randint(low, high)

    # names
    def table(self):
        return self.one(*ODD) if self.odds(7) else self.one(*NAMES)

    def column(self):
        return self.one(*ODD) if self.odds(7) else self.one(*COLUMNS)

    def columns(self, least=1, most=4):
        names = []
        while len(names) < self.chance.randint(least, most):
            name = self.column()
            if name not in names:
                names.append(name)
        return names

    def name(self, base):
        """A Python name that is not in use."""
        number = 1
        while (found := base if number == 1 else f"{base}{number}") in self.taken:
            number += 1
        self.taken.add(found)
        return found

    def text(self):
        return self.one(*TEXTS)

    def schema(self, percent=12):
        return (
            f", schema={self.string(self.one('audit', 'Shop', 'reporting', 'user'))}"
            if self.odds(percent)
            else ""
        )

    # Python text
    def string(self, value):
        plain = repr(value)
        if self.odds(40) and '"' not in value and "'" not in plain[1:-1]:
            return '"' + plain[1:-1] + '"'
        return plain

    def strings(self, values):
        inner = ", ".join(map(self.string, values))
        return f"[{inner}]" if self.odds(80) else f"({inner},)"

    def sa(self, name):
        """A name of SQLAlchemy as one of the usual imports gives it."""
        if self.odds(85):
            return f"sa.{name}"
        self.imports.add(f"from sqlalchemy import {name}")
        return name

    def pg(self, name):
        if self.odds(80):
            self.imports.add("from sqlalchemy.dialects import postgresql")
            return f"postgresql.{name}"
        self.imports.add(f"from sqlalchemy.dialects.postgresql import {name}")
        return name

    def constraint_name(self, name):
        """A plain name, one that is final, or with a naming convention none."""
        if self.convention and not name.startswith("ck") and self.odds(30):
            return "None"
        if self.odds(45):
            return f"op.f({self.string(name)})"
        return self.string(name)

    def write(self, *lines):
        self.preamble += ["", "", *lines] if lines[0].startswith(("def ", "class ", "@")) else lines


def call(function, *arguments, **named):
    return (
        f"{function}({', '.join([a for a in arguments if a] + [f'{k}={v}' for k, v in named.items() if v is not None])})"
    )


def pick(r, percent, **named):
    return {key: value for key, value in named.items() if r.odds(percent)}


# --- types -------------------------------------------------------------------------------------


def simple_type(r):
    choices = [
        lambda: r.sa("Integer") + r.one("()", ""),
        lambda: r.sa("BigInteger") + "()",
        lambda: r.sa("SmallInteger") + "()",
        lambda: r.sa("String")
        + r.one("()", "(length=255)", f"({r.number(1, 300)})", f"(length={r.number(1, 300)})"),
        lambda: r.sa("Text") + r.one("()", ""),
        lambda: r.sa("Unicode") + r.one("()", "(64)"),
        lambda: r.sa("UnicodeText") + "()",
        lambda: r.sa("Boolean") + r.one("()", ""),
        lambda: r.sa("DateTime") + r.one("()", "(timezone=True)", "(timezone=False)", "(True)"),
        lambda: r.sa("Date") + "()",
        lambda: r.sa("Time") + r.one("()", "(timezone=True)"),
        lambda: r.sa("Numeric")
        + r.one("()", "(10, 2)", "(precision=12, scale=4)", "(precision=5)", "(scale=2)"),
        lambda: r.sa("Float") + r.one("()", "(precision=53)", "(24)"),
        lambda: r.sa("LargeBinary") + "()",
        lambda: r.sa("JSON") + "()",
        lambda: r.sa("Interval") + "()",
        lambda: r.sa(r.one("VARCHAR", "CHAR")) + r.one("(length=20)", "(8)"),
        lambda: "sa."
        + r.one(
            "INTEGER",
            "BIGINT",
            "TEXT",
            "BOOLEAN",
            "TIMESTAMP",
            "DATE",
            "NUMERIC",
            "FLOAT",
            "REAL",
            "SMALLINT",
        )
        + "()",
        lambda: "sa.TIMESTAMP(timezone=True)",
        lambda: "sa.String(30, collation='C')",
        lambda: f"sa.Text(collation={r.string(r.one('de_DE', 'und-x-icu'))})",
        lambda: r.pg("JSONB")
        + r.one("()", "(astext_type=sa.Text())", "(none_as_null=True, astext_type=sa.Text())", ""),
        lambda: r.pg("UUID") + r.one("()", "(as_uuid=True)"),
        lambda: r.pg("TIMESTAMP")
        + r.one("()", "(timezone=True)", "(precision=3)", "(timezone=True, precision=6)"),
        lambda: r.pg("TIME") + "(precision=0)",
        lambda: r.pg("INTERVAL")
        + r.one("()", "(precision=3)", "(fields='DAY TO SECOND')", "(fields='YEAR')"),
        lambda: r.pg(
            r.one(
                "INET", "CIDR", "MACADDR", "TSVECTOR", "HSTORE", "BYTEA", "OID", "MONEY", "REGCLASS"
            )
        )
        + "()",
        lambda: r.pg(
            r.one("INT4RANGE", "INT8RANGE", "NUMRANGE", "DATERANGE", "TSRANGE", "TSTZRANGE")
        )
        + "()",
        lambda: r.pg("DOUBLE_PRECISION") + r.one("()", "(precision=53)"),
        lambda: r.pg("BIT") + r.one("(8)", "(varying=True)", "(length=5, varying=True)"),
    ]
    if r.version >= 2:
        choices += [
            lambda: "sa." + r.one("Uuid", "Double", "UUID") + "()",
            lambda: "sa.Uuid(as_uuid=False)",
            lambda: r.pg(r.one("CITEXT", "TSQUERY", "JSONPATH", "MACADDR8", "INT4MULTIRANGE"))
            + "()",
        ]
    return r.one(*choices)()


def any_type(r):
    if r.odds(8):
        inner = r.one(
            "sa.Integer()",
            "sa.Text()",
            "sa.String(20)",
            "sa.String(length=3)",
            "sa.Boolean()",
            "sa.DateTime(timezone=True)",
        )
        return r.one(
            lambda: f"sa.ARRAY({inner})",
            lambda: f"{r.pg('ARRAY')}({inner})",
            lambda: f"{r.pg('ARRAY')}({inner}, dimensions=2)",
            lambda: f"{r.pg('ARRAY')}(item_type={inner})",
        )()
    if r.odds(5):
        first = simple_type(r)
        return (
            first
            if not first.endswith(")")
            else (
                f"{first}.with_variant({simple_type(r)},"
                f" {r.string(r.one('postgresql', 'sqlite', 'mysql'))})"
                if r.version >= 2
                else simple_type(r)
            )
        )
    if r.odds(4):
        values = ", ".join(map(r.string, r.some(["new", "open", "it's done", "A", "größe"], 1, 3)))
        return (
            f"sa.Enum({values}, name={r.string(r.column())},"
            f" native_enum=False{r.one('', ', length=32', ', create_constraint=True')})"
        )
    return simple_type(r)


# --- columns -----------------------------------------------------------------------------------


def server_default(r):
    return r.one(
        lambda: r.string(r.text()),
        lambda: r.string(str(r.number())),
        lambda: "sa.text('now()')",
        lambda: r.one(
            "sa.text(\"'{}'::jsonb\")",
            "sa.text('gen_random_uuid()')",
            "sa.text('CURRENT_TIMESTAMP')",
            "sa.text('(now() at time zone \\'utc\\')')",
            "sa.text(\"nextval('s'::regclass)\")",
        ),
        lambda: f"sa.text({r.string(str(r.number()))})",
        lambda: "sa.func."
        + r.one("now()", "current_timestamp()", "gen_random_uuid()", "statement_timestamp()"),
        lambda: "sa.func."
        + r.one(
            "lower('A')", "coalesce(None, 5)", "date_trunc('day', sa.func.now())", "nextval('s')"
        ),
        lambda: r.one("sa.true()", "sa.false()", "sa.null()", "sa.sql.expression.true()"),
        lambda: "sa."
        + r.one(
            "literal('x')",
            "literal_column('1 + 1')",
            "cast('1', sa.Integer)",
            "text('false')",
            "DefaultClause('x')",
        ),
    )()


def column(r, name=None, constraints=True, key=False):
    arguments = [r.string(name or r.column()), any_type(r)]
    named = {}
    if constraints and not key and r.odds(8):
        target = r.string(f"{r.one(*NAMES)}.id")
        options = {
            **pick(r, 40, ondelete=r.string(r.one(*ACTIONS)), name=r.constraint_name("fk_x")),
            **pick(
                r,
                12,
                onupdate=r.string(r.one(*ACTIONS)),
                deferrable="True",
                initially=r.string("DEFERRED"),
                match=r.string("FULL"),
            ),
        }
        arguments.append(call("sa.ForeignKey", target, **options))
        arguments[1] = r.one("sa.Integer()", arguments[1])
    elif constraints and r.odds(4):
        options = pick(
            r,
            30,
            start=str(r.number(1, 9)),
            increment=str(r.number(1, 5)),
            always="True",
            cycle=r.one("True", "False"),
            cache="10",
            minvalue="1",
            maxvalue="99999",
            nomaxvalue="True",
        )
        if "maxvalue" in options:
            options.pop("nomaxvalue", None)
        arguments[1] = r.one("sa.Integer()", "sa.BigInteger()")
        arguments.append(call("sa.Identity", **options))
    elif constraints and r.odds(4):
        arguments.append(
            f"sa.Computed({r.string(r.one('price * quantity', 'lower(email)'))}{r.one('', ', persisted=True')})"
        )
    elif r.odds(22):
        named["server_default"] = server_default(r)
    if constraints and r.odds(3):
        arguments.append(
            call(
                "sa.CheckConstraint",
                r.string(r.one("size > 0", "char_length(slug) < 10", "note <> ''")),
                **pick(r, 100 if r.convention else 50, name=r.constraint_name("ck_size")),
            )
        )
    if r.odds(75):
        named["nullable"] = r.one("True", "False")
    if r.odds(4) and "Identity" not in arguments[-1]:
        named["autoincrement"] = r.one("True", "False")
    if r.odds(4):
        named["comment"] = r.string(r.text() or "x")
    if key:
        named["primary_key"] = "True"
    return call(r.sa("Column"), *arguments, **named)


def table_item(r, table, columns):
    """A constraint among the arguments of create_table."""

    def some():
        return ", ".join(map(r.string, r.some(columns, 1, 2)))

    def name(prefix):
        return pick(
            r,
            100 if r.convention and prefix == "ck" else 70,
            name=r.constraint_name(f"{prefix}_{table}"[:40]),
        )

    delayed = pick(
        r, 8, deferrable=r.one("True", "False"), initially=r.string(r.one("DEFERRED", "IMMEDIATE"))
    )
    return r.one(
        lambda: call(r.sa("UniqueConstraint"), some(), **name("uq"), **delayed),
        lambda: call(
            r.sa("CheckConstraint"),
            r.string(r.one("price >= 0", "status in ('a', 'b')", "a <> 'it''s'", "x ~ '^[0-9]+$'")),
            **name("ck"),
        ),
        lambda: call(
            r.sa("ForeignKeyConstraint"),
            f"[{r.string(r.one(*columns))}]",
            f"[{r.string(r.one('accounts.id', 'audit.log.id', 'teams.ID'))}]",
            "",
            **name("fk"),
            **pick(r, 25, ondelete=r.string(r.one(*ACTIONS)), onupdate=r.string(r.one(*ACTIONS))),
            **delayed,
        ),
    )()


@kind(10)
def create_table(r):
    table = r.table()
    columns = [name for name in r.columns(1, 7) if name != "id"] or ["note"]
    primary = r.one("flag", "constraint", "constraint", "none")
    items = []
    if primary != "none":
        type_ = r.one(
            "sa.Integer()", "sa.BigInteger()", "sa.SmallInteger()", "sa.String(36)", "sa.Integer"
        )
        items.append(
            call(
                r.sa("Column"),
                "'id'",
                type_,
                nullable="False" if r.odds(70) else None,
                primary_key="True" if primary == "flag" else None,
                autoincrement=r.one("True", "False") if r.odds(10) and "Int" in type_ else None,
            )
        )
    indexed = False
    for name in columns:
        text = column(r, name)
        if not indexed and r.odds(5):
            indexed = True
            text = (
                text[:-1]
                + r.one(", index=True", ", unique=True", ", index=True, unique=True")
                + ")"
            )
        items.append(text)
    for _ in range(r.one(0, 0, 1, 1, 2)):
        items.append(table_item(r, table, columns))
    if primary == "constraint":
        items.append(
            call(
                r.sa("PrimaryKeyConstraint"),
                "'id'",
                **pick(r, 50, name=r.constraint_name(f"pk_{table}")),
            )
        )
    options = []
    if schema := r.schema():
        options.append(schema[2:])
    if r.odds(8):
        options.append(f"comment={r.string(r.text() or 'x')}")
    if r.odds(6):
        options.append(
            r.one(
                "postgresql_partition_by='RANGE (created_at)'",
                "postgresql_tablespace='fast'",
                "postgresql_inherits='base'",
                "postgresql_with_oids=False",
                "postgresql_on_commit='PRESERVE ROWS'",
                "prefixes=['UNLOGGED']",
                "prefixes=['TEMPORARY']",
                "mysql_engine='InnoDB'",
                "sqlite_autoincrement=True",
            )
        )
    if r.version >= 2 and r.odds(5):
        options.append("if_not_exists=True")
    inner = ",\n    ".join([r.string(table), *items, *options])
    return [f"op.create_table({inner}{r.one(',', '')}{chr(10) if r.odds(50) else ''})"]


@kind(2)
def drop_table(r):
    exists = ", if_exists=True" if r.version >= 2 and r.odds(10) else ""
    return [f"op.drop_table({r.string(r.table())}{r.schema()}{exists})"]


@kind(6)
def add_column(r):
    if r.odds(70):
        return [f"op.add_column({r.string(r.table())}, {column(r, constraints=False)}{r.schema()})"]
    text = column(r)
    if r.odds(10) and not any(
        word in text for word in ("ForeignKey", "Check", "create_constraint", "comment")
    ):
        text = text[:-1] + r.one(", index=True", ", unique=True") + ")"
    return [f"op.add_column({r.string(r.table())}, {text}{r.schema()})"]


@kind(3)
def drop_column(r):
    return [
        f"op.drop_column({r.string(r.table())},"
        f" {r.string(r.column())}{r.schema()}{', mssql_drop_default=True' if r.odds(3) else ''})"
    ]


def alter_options(r):
    named = {}
    if r.odds(45):
        named["type_"] = simple_type(r)
        named["existing_type"] = simple_type(r) if r.odds(70) else None
        if r.odds(25):
            named["postgresql_using"] = r.string(
                r.one(
                    "status::text",
                    "amount::integer",
                    "CASE WHEN note = '' THEN NULL ELSE note END",
                    "to_tsvector('simple', \"body\")",
                )
            )
    else:
        named["existing_type"] = simple_type(r) if r.odds(60) else None
    if r.odds(45):
        named["nullable"] = r.one("True", "False")
    else:
        named["existing_nullable"] = r.one("True", "False") if r.odds(50) else None
    if r.odds(30):
        named["server_default"] = r.one("None", server_default(r))
    if r.odds(15):
        named["new_column_name"] = r.string(r.column())
    if r.odds(10):
        named["comment"] = r.one("None", r.string(r.text() or "x"))
        named["existing_comment"] = r.one(None, "'before'")
    if r.odds(4) and "server_default" not in named:
        named["existing_server_default"] = r.one("sa.text('0')", "'x'")
    if r.odds(2):
        named["server_default"] = f"sa.Identity({r.one('always=True', 'start=5', '')})"
        named["existing_server_default"] = "None"
    return named


@kind(8)
def alter_column(r):
    text = call("op.alter_column", r.string(r.table()), r.string(r.column()), **alter_options(r))
    return [text[:-1] + r.schema() + ")"]


# --- indexes and constraints -------------------------------------------------------------------


def index_options(r):
    options = pick(
        r,
        8,
        postgresql_where=r.one(
            "sa.text('deleted_at IS NULL')",
            "sa.text(\"status = 'new'\")",
            "sa.text('size > 5 and not is_active')",
        ),
        postgresql_using=r.string(r.one("gin", "gist", "btree", "hash")),
        postgresql_concurrently="True",
        postgresql_include="['note']",
        postgresql_with="{'fillfactor': 50}",
        postgresql_tablespace="'fast'",
        sqlite_where="sa.text('1')",
        mysql_length="{'name': 10}",
    )
    if r.version >= 2:
        options |= pick(r, 5, if_not_exists="True", postgresql_nulls_not_distinct="True")
    return options


@kind(7)
def create_index(r):
    table = r.table()
    columns = r.columns(1, 3)
    elements = []
    for name in columns:
        elements.append(
            r.string(name)
            if r.odds(80)
            else r.one(
                lambda: f"sa.text({r.string('lower(email)')})",
                lambda: (
                    f"sa.text({r.string(name.split()[0] + ' DESC')})"
                    if name in COLUMNS
                    else r.string(name)
                ),
                lambda: f"sa.func.lower(sa.column({r.string(name)}))",
                lambda: (
                    f"sa.column({r.string(name)}).{r.one('desc()', 'asc()', 'desc().nullslast()', 'asc().nullsfirst()')}"
                ),
                lambda: f"sa.literal_column({r.string('lower(title)')})",
                lambda: f"sa.desc(sa.column({r.string(name)}))",
                lambda: f"sa.func.coalesce(sa.column({r.string(name)}), 'none')",
            )()
        )
    options = index_options(r)
    if r.odds(8):
        key = r.string(columns[0])
        if r.version >= 2 and elements[0].startswith("sa.text(") and "DESC" not in elements[0]:
            key = elements[0].removeprefix("sa.text(").removesuffix(")")
        options["postgresql_ops"] = (
            f"{{{key}: {r.string(r.one('gin_trgm_ops', 'varchar_pattern_ops'))}}}"
        )
    named = {"unique": r.one("True", "False") if r.odds(75) else None, **options}
    name = r.constraint_name(f"ix_{table}_{'_'.join(columns)}"[:50]) if r.odds(95) else "None"
    if name == "None":
        elements = list(map(r.string, columns))
        options.pop("postgresql_ops", None)
    text = call("op.create_index", name, r.string(table), f"[{', '.join(elements)}]", **named)
    return [text[:-1] + r.schema() + ")"]


@kind(3)
def drop_index(r):
    name = "op.f('ix_a')" if r.convention else r.constraint_name("ix_" + r.table())
    named = pick(
        r,
        15,
        postgresql_concurrently="True",
        postgresql_using="'gin'",
        **({"if_exists": "True"} if r.version >= 2 else {}),
    )
    if r.odds(85):
        named = {"table_name": r.string(r.table()), **named}
    return [call("op.drop_index", name, **named)[:-1] + r.schema() + ")"]


@kind(4)
def create_foreign_key(r):
    columns = r.columns(1, 2)
    named = {
        **pick(r, 35, ondelete=r.string(r.one(*ACTIONS))),
        **pick(
            r,
            10,
            onupdate=r.string(r.one(*ACTIONS)),
            deferrable=r.one("True", "False"),
            initially="'DEFERRED'",
            match="'FULL'",
            source_schema="'audit'",
            referent_schema="'Shop'",
        ),
    }
    name = r.constraint_name("fk_a_b") if r.odds(90) else "None"
    return [
        call(
            "op.create_foreign_key",
            name,
            r.string(r.table()),
            r.string(r.table()),
            f"[{', '.join(map(r.string, columns))}]",
            f"['id'{', ' + repr('other_id') if len(columns) > 1 else ''}]",
            **named,
        )
    ]


@kind(4)
def create_constraint(r):
    table, columns = r.table(), r.columns(1, 3)
    delayed = pick(
        r, 10, deferrable=r.one("True", "False"), initially=r.string(r.one("DEFERRED", "IMMEDIATE"))
    )
    schema = r.schema()
    text = r.one(
        lambda: call(
            "op.create_unique_constraint",
            r.constraint_name(f"uq_{table}"),
            r.string(table),
            r.strings(columns),
            **delayed,
        ),
        lambda: call(
            "op.create_primary_key",
            r.constraint_name(f"pk_{table}"),
            r.string(table),
            r.strings(columns),
        ),
        lambda: call(
            "op.create_check_constraint",
            r.constraint_name(f"ck_{table}"),
            r.string(table),
            r.one(
                r.string("price > 0 AND quantity < 10"),
                "sa.text('note IS NOT NULL')",
                "sa.column('size') > 5",
                "sa.func.length(sa.column('name')) < 64",
                "sa.column('status').in_(['a', 'it''s'])",
                "sa.and_(sa.column('size') >= 1, sa.column('size') <= 9)",
                "sa.or_(sa.column('note').is_(None), sa.column('kind') != 'x')",
            ),
        ),
        lambda: call(
            "op.create_exclude_constraint",
            r.constraint_name("ex_" + table),
            r.string(table),
            r.one("('room', '=')", "(sa.column('room'), '=')"),
            "('during', '&&')",
            **pick(r, 40, where="sa.text('room > 5')", using=r.string(r.one("gist", "GIST"))),
        ),
    )()
    return [text[:-1] + schema + ")"]


@kind(3)
def drop_constraint(r):
    name = r.constraint_name("fk_" + r.table())
    if name == "None":
        return [f"op.drop_constraint(None, {r.string(r.table())}, type_='primary')"]
    kinds = pick(r, 80, type_=r.string(r.one("foreignkey", "unique", "primary", "check")))
    return [call("op.drop_constraint", name, r.string(r.table()), **kinds)[:-1] + r.schema() + ")"]


@kind(2)
def rename_or_comment(r):
    return [
        r.one(
            lambda: f"op.rename_table({r.string(r.table())}, {r.string(r.table())}{r.schema()})",
            lambda: (
                f"op.create_table_comment({r.string(r.table())},"
                f" {r.string(r.text() or 'x')}{r.one('', ', existing_comment=None')}{r.schema()})"
            ),
            lambda: (
                f"op.drop_table_comment({r.string(r.table())}{r.one('', ', existing_comment=None')}{r.schema()})"
            ),
        )()
    ]


@kind(5)
def batch(r):
    table = r.table()
    lines = [f"with op.batch_alter_table({r.string(table)}{r.schema()}) as batch_op:"]
    for _ in range(r.number(1, 4)):
        lines.append(
            "    "
            + r.one(
                lambda: f"batch_op.add_column({column(r, constraints=False)})",
                lambda: f"batch_op.drop_column({r.string(r.column())})",
                lambda: call("batch_op.alter_column", r.string(r.column()), **alter_options(r)),
                lambda: (
                    f"batch_op.create_index({r.string('ix_b')}, {r.strings(r.columns(1, 2))},"
                    f" unique={r.one('True', 'False')})"
                ),
                lambda: f"batch_op.create_index(batch_op.f('ix_c'), {r.strings(r.columns(1, 2))})",
                lambda: f"batch_op.drop_index({r.string('ix_b')})",
                lambda: (
                    f"batch_op.drop_constraint({r.string('uq_b')},"
                    f" type_={r.string(r.one('unique', 'foreignkey', 'check'))})"
                ),
                lambda: (
                    f"batch_op.create_unique_constraint({r.string('uq_b')},"
                    f" {r.strings(r.columns(1, 2))})"
                ),
                lambda: (
                    f"batch_op.create_foreign_key({r.string('fk_b')}, {r.string(r.table())},"
                    f" ['owner_id'], ['id']{r.one('', ', ondelete=' + repr('CASCADE'))})"
                ),
                lambda: (
                    f"batch_op.create_check_constraint({r.string('ck_b')}, {r.string('size > 0')})"
                ),
            )()
        )
    return ["\n".join(lines)]


# --- enums -------------------------------------------------------------------------------------

LABELS = ["new", "open", "closed", "it's", "In Progress", "größe", "A", "b-c", "100%"]


@kind(5)
def enums(r):
    labels = r.some(LABELS, 1, 4)
    values = ", ".join(map(r.string, labels))
    name = r.string(r.one("mood", "order_status", "Kind", "user"))
    schema = r.one("", "", "", ", schema='audit'")
    table = r.string(r.table())
    enum = r.one(
        f"sa.Enum({values}, name={name}{schema})", f"{r.pg('ENUM')}({values}, name={name}{schema})"
    )
    shape = r.number(0, 6)
    if shape == 0:
        return [
            f"op.create_table({table}, sa.Column('id', sa.Integer(), nullable=False),"
            f" sa.Column('status', {enum},"
            f" nullable=False{r.one('', ', server_default=' + r.string(labels[0]))}))"
        ]
    if shape == 1:
        variable = r.name("mood")
        r.write(f"{variable} = {enum}")
        return [
            f"{variable}.{r.one('create', 'drop')}(op.get_bind(){r.one('', ', checkfirst=True', ', checkfirst=False')})"
        ]
    if shape == 2:
        variable = r.name("mood")
        r.write(f"{variable} = {r.pg('ENUM')}({values}, name={name}, create_type=False)")
        return [
            f"{variable}.create(op.get_bind())",
            (
                f"op.create_table({table}, sa.Column('mood', {variable}, nullable=True),"
                f" sa.Column('other', {variable}))"
            ),
        ]
    if shape == 3:
        return [
            f"op.add_column({table}, sa.Column('status', {enum},"
            f" {r.one('nullable=True', 'server_default=' + r.string(labels[0]))}))"
        ]
    if shape == 4:
        return [
            f"bind = op.get_bind()\n{enum}.create(bind, checkfirst=False)",
            (
                f"op.alter_column({table}, 'status', type_={enum},"
                " existing_type=sa.String(length=20), postgresql_using='status::text::mood')"
            ),
        ]
    if shape == 5:
        cls, base = r.name("Mood"), r.one("enum.Enum", "str, enum.Enum", "enum.Enum")
        r.imports.add("import enum")
        r.write(
            f"class {cls}({base}):",
            *[f"    {m} = {r.string(v)}" for m, v in zip(["NEW", "open", "Done", "x1"], labels)],
        )
        options = r.one(
            "",
            f", name={name}",
            f", name={name}, values_callable=lambda kinds: [k.value for k in kinds]",
            ", native_enum=False",
        )
        return [f"op.create_table({table}, sa.Column('mood', sa.Enum({cls}{options})))"]
    return [f"op.create_table({table}, sa.Column('moods', sa.ARRAY({enum})))"]


# --- SQL texts ---------------------------------------------------------------------------------


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@kind(10)
def execute_text(r):
    table, name = r.one(*NAMES), r.one(*COLUMNS)
    value = r.one("new", "it''s", "100%", "12:30", "naïve", "a, b")
    number = r.number()
    shape = r.number(0, 13)
    if shape == 0:
        return [
            f"op.execute({r.string(f'UPDATE {table} SET {name} = NULL WHERE {name} = {quoted(value)}')})"
        ]
    if shape == 1:
        return [
            f'op.execute("""\n    UPDATE {table}\n    SET {name} = \'{value}\'\n       , note ='
            f' \'x\'::text\n    WHERE size > {number}\n""")'
        ]
    if shape == 2:
        return [f"op.execute(sa.text({r.string(f'DELETE FROM {table} WHERE {name} IS NULL')}))"]
    if shape == 3:
        values = r.one(repr(r.text()), str(number), "True", "None", "1.5")
        if values == "None":
            values = "'x'"
        return [
            f'op.execute(sa.text("UPDATE {table} SET {name} = :v WHERE id ='
            f' :id").bindparams(v={values}, id={number}))'
        ]
    if shape == 4:
        variable = r.name("TABLE")
        r.write(f"{variable} = {table!r}")
        return [
            f"""op.execute(f"UPDATE {{{variable}}} SET {name} = '{{{number} + 1}}' WHERE {{{variable}!s}}.id = {{{number}:>5}}")"""
        ]
    if shape == 5:
        return [
            f"""op.execute("UPDATE {{}} SET {{}} = '{{:03d}}' WHERE x = '{{}}'".format({table!r}, {name!r}, {number}, {value!r}))"""
        ]
    if shape == 6:
        return [
            f"""op.execute("UPDATE {{t}} SET {{c}} = {{v!r}} WHERE a = '{{{{}}}}'".format(t={table!r}, c={name!r}, v={number}))"""
        ]
    if shape == 7:
        return [
            f"""op.execute("UPDATE %s SET %s = %d, p = '%5.2f%%' WHERE id = %r" % ({table!r}, {name!r}, {number}, {number / 7}, {number}))"""
        ]
    if shape == 8:
        return [
            f"""op.execute("UPDATE %(t)s SET {name} = '%(v)s'" % {{'t': {table!r}, 'v': {value!r}}})"""
        ]
    if shape == 9:
        r.imports.add("from textwrap import dedent")
        return [
            'op.execute(dedent("""\\\n        CREATE FUNCTION f() RETURNS trigger AS $$\n       '
            f" BEGIN\n            NEW.{name} := {number};\n            RETURN NEW;\n        END\n  "
            '      $$ LANGUAGE plpgsql"""))'
        ]
    if shape == 10:
        constant = r.name("SQL")
        r.write(
            f'{constant} = """\nINSERT INTO {table} ({name}, note)\nSELECT {name}, \'{value}\' FROM'
            f' {r.one(*NAMES)}\n"""'
        )
        return [f"op.execute({constant}{r.one('', '.strip()')})"]
    if shape == 11:
        return [
            f"op.execute('ALTER TABLE {table} '\n    'ALTER COLUMN {name} '\n    'SET STATISTICS"
            f" {number}')"
        ]
    if shape == 12:
        return [
            "conn ="
            f" op.get_bind()\nconn.execute(sa.text({r.string(f'UPDATE {table} SET {name} = {number}')}))"
        ]
    return [
        "with op.get_context().autocommit_block():\n   "
        f" op.execute({r.string(f'VACUUM {table}')})\n    op.create_index('ix_c', {table!r},"
        f" [{name!r}], postgresql_concurrently=True)"
    ]


@kind(2)
def ddl_elements(r):
    schema = r.one("audit", "Shop")
    return [
        r.one(
            lambda: (
                f"op.execute(sa.schema.CreateSequence(sa.Sequence('s_{r.number()}'{r.one(', start=5', ', start=1, increment=10', ', start=2, cycle=True', ', start=1, maxvalue=99')})))"
            ),
            lambda: "op.execute(sa.schema.DropSequence(sa.Sequence('order_seq')))",
            lambda: f"op.execute(sa.schema.CreateSchema({r.string(schema)}))",
            lambda: (
                f"op.execute(sa.schema.DropSchema({r.string(schema)}{r.one('', ', cascade=True')}))"
            ),
            lambda: f"op.execute(sa.DDL({r.string('ALTER TABLE t SET (fillfactor = 50)')}))",
        )()
    ]


# --- Core statements ---------------------------------------------------------------------------

CORE = {
    "id": "sa.Integer",
    "name": "sa.String",
    "status": "sa.String(20)",
    "size": "sa.Integer()",
    "price": "sa.Numeric(10, 2)",
    "is_active": "sa.Boolean",
    "note": "sa.Text()",
    "order": "sa.Integer",
    "userId": "sa.BigInteger()",
}


class Core:
    """Random expressions over one table."""

    def __init__(self, r):
        self.r = r
        self.variable = r.name(r.one("items", "orders", "t"))
        self.columns = sorted({"id", "name", "size", *r.some(CORE, 1, 5)})
        table = r.string(r.one("items", "orders", "order", "Items"))
        maker, column = r.one(
            ("sa.table", "sa.column"),
            ("sa.table", "sa.column"),
            ("Table", "Column"),
            ("sql.table", "sql.column"),
        )
        if maker == "sql.table":
            r.imports.add("from sqlalchemy import sql")
        if maker == "Table":
            r.imports |= {
                "from sqlalchemy import Table",
                "from sqlalchemy import MetaData",
                "from sqlalchemy import Column",
            }
            table += ", MetaData()"
        inner = ", ".join(f"{column}({name!r}, {CORE[name]})" for name in self.columns)
        schema = ", schema='audit'" if r.odds(6) else ""
        r.write(f"{self.variable} = {maker}({table}, {inner}{schema})")

    def column(self, *types):
        names = [n for n in self.columns if not types or any(t in CORE[n] for t in types)]
        name = self.r.one(*names)
        return f"{self.variable}.c.{name}" if self.r.odds(85) else f"{self.variable}.c[{name!r}]"

    def value(self, name):
        type_ = CORE[name]
        if "Int" in type_:
            return str(self.r.number(-5, 500))
        if "Numeric" in type_:
            self.r.imports.add("from decimal import Decimal")
            return self.r.one("5", "12.5", "Decimal('10.20')")
        if "Boolean" in type_:
            return self.r.one("True", "False")
        return self.r.string(self.r.text())

    def number(self, depth=0):
        r = self.r
        choices = [lambda: self.column("Int"), lambda: self.column("Int")]
        if depth < 2:
            choices += [
                lambda: (
                    f"({self.number(depth + 1)} {r.one('+', '-', '*', '%')} {r.one(self.number(depth + 1), str(r.number(1, 9)))})"
                ),
                lambda: f"sa.func.{r.one('length', 'char_length')}({self.string(depth + 1)})",
                lambda: f"sa.func.coalesce({self.number(depth + 1)}, {r.number()})",
                lambda: (
                    f"sa.cast({self.string(depth + 1)}, {r.one('sa.Integer', 'sa.BigInteger()')})"
                ),
                lambda: f"sa.literal({r.number()})",
                lambda: f"sa.func.greatest({self.number(depth + 1)}, {self.number(depth + 1)})",
            ]
        return r.one(*choices)()

    def string(self, depth=0):
        r = self.r
        choices = [lambda: self.column("String", "Text"), lambda: self.column("String", "Text")]
        if depth < 2:
            choices += [
                lambda: (
                    f"sa.func.{r.one('lower', 'upper', 'trim', 'md5')}({self.string(depth + 1)})"
                ),
                lambda: (
                    f"sa.cast({self.number(depth + 1)},"
                    f" {r.one('sa.String', 'sa.Text()', 'sa.String(20)')})"
                ),
                lambda: (
                    f"sa.func.replace({self.string(depth + 1)}, {r.string(r.text())},"
                    f" {r.string(r.text())})"
                ),
                lambda: f"sa.literal({r.string(r.text())})",
                lambda: (
                    f"sa.func.concat({self.string(depth + 1)}, {r.string('-')},"
                    f" {self.number(depth + 1)})"
                ),
                lambda: f"sa.literal_column({r.string(quoted('x'))})",
            ]
            if r.version >= 2:  # 1.4 writes no parentheses around it in comparisons
                choices.append(
                    lambda: (
                        f"({self.string(depth + 1)} +"
                        f" {r.one(self.string(depth + 1), r.string(r.text()))})"
                    )
                )
        return r.one(*choices)()

    def condition(self, depth=0):
        r = self.r
        choices = [
            lambda: (
                f"{self.number(1)} {r.one('==', '!=', '<', '>', '<=', '>=')} {r.one(str(r.number()), self.number(1))}"
            ),
            lambda: f"{self.string(1)} {r.one('==', '!=')} {r.string(r.text())}",
            lambda: f"{self.column()} {r.one('== None', '!= None')}",
            lambda: f"{self.column()}.{r.one('is_(None)', 'isnot(None)', 'is_not(None)')}",
            lambda: (
                f"{self.column('Int')}.{r.one('in_', 'notin_', 'not_in')}([{', '.join(str(r.number()) for _ in range(r.number(1, 3)))}])"
            ),
            lambda: (
                f"{self.column('String')}.{r.one('in_', 'notin_')}({r.strings([r.text(), r.text()])})"
            ),
            lambda: f"{self.column('Int')}.between({r.number(0, 9)}, {r.number(10, 99)})",
            lambda: (
                f"{self.column('String')}.{r.one('like', 'ilike', 'notlike')}({r.string(r.one('a%', '%b%', 'c_'))})"
            ),
            lambda: (
                f"{self.column('String')}.{r.one('startswith', 'endswith', 'contains')}({r.string(r.one('ab', 'x y'))})"
            ),
            lambda: (
                f"{self.column('String')}.op({r.string(r.one('~', '~*', '!~'))})({r.string('^a.*')})"
            ),
        ]
        if depth == 0:
            choices.append(lambda: f"sa.text({r.string('size > 5')})")
        if depth < 2:
            choices += [
                lambda: (
                    f"sa.{r.one('and_', 'or_')}({self.condition(depth + 1)},"
                    f" {self.condition(depth + 1)})"
                ),
                lambda: (
                    f"sa.not_({self.condition(depth + 1)})" if depth else self.condition(depth + 1)
                ),
                lambda: (
                    f"({self.condition(depth + 1)}) {r.one('&', '|')} ({self.condition(depth + 1)})"
                ),
                lambda: (
                    f"sa.exists({self.subselect()}.where({self.condition(depth + 1)}))"
                    if r.version >= 2
                    else self.condition(depth + 1)
                ),
            ]
        if "is_active" in self.columns:
            choices += [
                lambda: f"{self.variable}.c.is_active",
                lambda: f"{self.variable}.c.is_active.is_({r.one('True', 'False')})",
                lambda: f"{self.variable}.c.is_active == {r.one('True', 'False', 'sa.true()')}",
                lambda: f"~{self.variable}.c.is_active",
            ]
        return r.one(*choices)()

    def subselect(self):
        return f"sa.select({self.column()})"

    def set_value(self, name):
        r = self.r
        if r.odds(55):
            return self.value(name)
        if "Int" in CORE[name]:
            return r.one(
                self.number(),
                f"sa.case(({self.condition(1)}, {r.number()}), else_={self.number(1)})",
            )
        if "String" in CORE[name] or "Text" in CORE[name]:
            return r.one(self.string(), "None", "sa.null()")
        return r.one("None", "sa.null()", self.value(name))


@kind(6)
def core_update(r):
    core = Core(r)
    names = [n for n in r.some(core.columns, 1, 3) if n.isidentifier()]
    values = ", ".join(f"{n}={core.set_value(n)}" for n in names)
    where = "".join(f".where({core.condition()})" for _ in range(r.one(0, 1, 1, 2)))
    if r.odds(30):
        values = (
            "{"
            + ", ".join(
                f"{r.one(repr(n), f'{core.variable}.c.{n}')}: {core.set_value(n)}" for n in names
            )
            + "}"
        )
    start = r.one(f"{core.variable}.update()", f"sa.update({core.variable})")
    chain = r.one(
        f"{start}{where}.values({values})",
        (
            f"(\n    {start}\n    {where or ''}\n    .values({values})\n)"
            if where
            else f"{start}.values({values})"
        ),
    )
    return [
        r.one(
            f"op.execute({chain})",
            f"op.get_bind().execute({chain})",
            f"conn = op.get_bind()\nconn.execute({chain})",
        )
    ]


@kind(4)
def core_delete(r):
    core = Core(r)
    where = "".join(f".where({core.condition()})" for _ in range(r.one(0, 1, 1, 2)))
    return [
        f"op.execute({r.one(f'{core.variable}.delete()', f'sa.delete({core.variable})')}{where})"
    ]


@kind(5)
def core_insert(r):
    core = Core(r)
    names = ["id", *[n for n in r.some(core.columns, 1, 3) if n != "id"]]
    start = r.one(f"{core.variable}.insert()", f"sa.insert({core.variable})")

    def row():
        return "{" + ", ".join(f"{n!r}: {core.value(n)}" for n in names) + "}"

    return [
        r.one(
            lambda: (
                f"op.execute({start}.values({', '.join(f'{n}={core.value(n)}' for n in names)}))"
            ),
            lambda: f"op.execute({start}.values({row()}))",
            lambda: f"op.execute({start}.values([{row()}, {row()}]))",
            lambda: (
                f"op.execute({start}.from_select({names!r},"
                f" sa.select({', '.join(f'{core.variable}.c.{n}' for n in names)}).where({core.condition()})))"
            ),
            lambda: upsert(r, core, names, row()),
        )()
    ]


def upsert(r, core, names, row):
    r.imports.add("from sqlalchemy.dialects.postgresql import insert as pg_insert")
    statement = f"pg_insert({core.variable}).values({row})"
    nothing = r.one("", "index_elements=['id']", "constraint='uq_items'")
    if r.version < 2 or r.odds(50):  # 1.4 leaves placeholders in DO UPDATE
        return f"op.execute({statement}.on_conflict_do_nothing({nothing}))"
    return (
        f"op.execute({statement}"
        + r.one(
            lambda: (
                f".on_conflict_do_update(index_elements=['id'], set_={{{names[-1]!r}:"
                f" {core.value(names[-1])}}}))"
            ),
            lambda: (
                f".on_conflict_do_update(index_elements=[{core.variable}.c.id], set_={{'name':"
                f" {r.string(r.text())}}}, where={core.variable}.c.size > 5))"
            ),
        )()
    )


@kind(4)
def core_select(r):
    """Queries, on their own and in other statements."""
    core = Core(r)
    items = [
        r.one(
            core.column,
            core.number,
            core.string,
            lambda: f"{core.number(1)}.label('n')",
            lambda: "sa.func.count()",
        )()
        for _ in range(r.number(1, 3))
    ]
    grouped = any("count()" in item for item in items)
    query = f"sa.select({', '.join(items)})"
    if grouped or r.odds(20):
        query += f".select_from({core.variable})"
    for _ in range(r.one(0, 1, 1)):
        query += f".where({core.condition()})"
    if grouped:
        query += f".group_by({core.column()})"
    if r.odds(25):
        query += f".order_by({core.column()}{r.one('', '.desc()', '.asc()')})"
    if r.odds(15):
        query += f".limit({r.number(1, 50)})"
    if r.odds(8):
        query += ".distinct()"
    return [
        r.one(
            lambda: f"op.execute({query})",
            lambda: f"op.execute({core.variable}.update().values(size=sa.select(sa.func.max({core.variable}.c.id)).scalar_subquery()))",
            lambda: f"op.execute({core.variable}.delete().where({core.variable}.c.id.in_(sa.select({core.variable}.c.id).where({core.condition(1)}))))",
        )()
    ]


@kind(4)
def core_more(r):
    """What stands in few revisions each."""
    core, other = Core(r), Core(r)
    a, b = core.variable, other.variable
    one = r.string(r.text())
    return [
        "op.execute("
        + r.one(
            lambda: (
                f"sa.select({a}.c.id, {b}.c.name).select_from({a}.join({b}, {a}.c.id == {b}.c.id))"
            ),
            lambda: (
                f"sa.select({a}.c.name).select_from({a}.outerjoin({b}, {a}.c.size =="
                f" {b}.c.id)).where({b}.c.id.is_(None))"
            ),
            lambda: f"{a}.update().values(size={b}.c.size).where({a}.c.id == {b}.c.id)",
            lambda: f"sa.delete({a}).where({a}.c.id == {b}.c.id).where({b}.c.name == {one})",
            lambda: (
                f"sa.update({a}).values(name=sa.select({b}.c.name).where({b}.c.id =="
                f" {a}.c.id).scalar_subquery())"
            ),
            lambda: (
                f"sa.update({a}).where(~sa.exists().where({b}.c.id =="
                f" {a}.c.id)).values(size={r.number()})"
            ),
            lambda: (
                f"{a}.insert().from_select(['id', 'name'], sa.select({b}.c.id,"
                f" sa.literal({one})).where({other.condition()}))"
            ),
            lambda: (
                f"sa.update({a}).values(name=sa.case(({core.condition()}, {one}),"
                f" ({core.condition()}, 'y'), else_={core.string()}))"
            ),
            lambda: (
                f"sa.update({a}).values(name=sa.case({{{one}: 'x', 'z': 'y'}}, value={a}.c.name,"
                " else_='other'))"
            ),
            lambda: (
                f"sa.select(sa.func.count({a}.c.id).label('n'),"
                f" {a}.c.name).group_by({a}.c.name).having(sa.func.count({a}.c.id) > 1)"
            ),
            lambda: (
                f"sa.select(sa.func.row_number().over(partition_by={a}.c.name,"
                f" order_by={a}.c.id.desc()).label('n'))"
            ),
            lambda: f"sa.select({a}.c.id).union{r.one('', '_all')}(sa.select({b}.c.id))",
            lambda: (
                f"sa.update({a}).values({{{a}.c.size: {a}.c.size"
                f" {r.one('+', '-', '*')} {r.number()}}})"
            ),
            lambda: (
                f"sa.select(sa.extract({r.string(r.one('year', 'epoch'))},"
                " sa.column('created_at')))"
            ),
            lambda: (
                f"sa.update({a}).where({a}.c.id =="
                f" sa.select(sa.func.{r.one('min', 'max')}({b}.c.id)).scalar_subquery()).values(size=None)"
            ),
            lambda: (
                f"sa.update({a}).values(name=sa.func.coalesce({a}.c.name,"
                f" {one})).where(sa.func.lower({a}.c.name).like('%x%'))"
            ),
            lambda: (
                f"{a}.update().where({a}.c.name == op.inline_literal({one})).values({{'name':"
                " op.inline_literal('new')})"
            ),
            lambda: (
                f"sa.select(sa.literal_column('1'), sa.null(), sa.true()).where({a}.c.id.in_([]))"
            ),
            lambda: (
                f"sa.update({a}).values(size=sa.text('size +"
                f" 1')).where(sa.text({r.string('id > 5')}))"
            ),
            lambda: f"sa.select({a}.alias('z').c.id)",
            lambda: f"sa.delete({a}).where(sa.tuple_({a}.c.id, {a}.c.size).in_([(1, 2), (3, 4)]))",
            lambda: (
                f"sa.select({a}.c.id).where({a}.c.id =="
                f" sa.any_(sa.select({b}.c.id).scalar_subquery()))"
            ),
            lambda: (
                f"sa.update({a}).values(size=sa.func.sum({a}.c.size).filter({core.condition(1)}))"
            ),
            lambda: f"sa.select(sa.func.string_agg({a}.c.name, ', '), sa.func.array_agg({a}.c.id))",
        )()
        + ")"
    ]


@kind(5)
def bulk_insert(r):
    variable = r.name(r.one("seed", "statuses", "countries"))
    types = {
        "id": "sa.Integer",
        "code": "sa.String",
        "label": "sa.Text()",
        "price": "sa.Numeric(8, 2)",
        "is_active": "sa.Boolean()",
        "ratio": "sa.Float",
        "kind": "sa.Enum('a', 'b', name='kind')",
    }
    if r.version >= 2:
        types |= {
            "day": "sa.Date",
            "at": "sa.DateTime()",
            "key": "sa.Uuid()",
            "tags": "sa.ARRAY(sa.Text)",
        }
    names = ["id", *r.some([n for n in types if n != "id"], 1, 4)]

    def value(name):
        r.imports |= (
            {"import datetime", "import uuid", "from decimal import Decimal"}
            if name in ("day", "at", "key", "price")
            else set()
        )
        return {
            "id": lambda: str(r.number()),
            "code": lambda: r.string(r.text()),
            "label": lambda: r.string(r.text()),
            "price": lambda: r.one("1", "2.50", "Decimal('10.00')"),
            "is_active": lambda: r.one("True", "False"),
            "ratio": lambda: r.one("0.5", "1e-7", "3", "100.0"),
            "kind": lambda: r.one("'a'", "'b'"),
            "day": lambda: f"datetime.date(2024, 2, {r.number(1, 28)})",
            "at": lambda: (
                f"datetime.datetime(2024, 1, 2, {r.number(0, 23)}, 4{r.one('', ', 5', ', 5, 678')})"
            ),
            "key": lambda: f"uuid.UUID('00000000-0000-4000-8000-{r.number(0, 10**12 - 1):012}')",
            "tags": lambda: r.strings([r.text(), "x"]).replace("(", "[").replace(",)", "]"),
        }[name]()

    def row():
        return (
            "{"
            + ", ".join(
                f"{n!r}:"
                f" {r.one('None', value(n)) if n not in ('id', 'tags') and r.odds(10) else value(n)}"
                for n in names
            )
            + "}"
        )

    inner = ", ".join(f"sa.column({n!r}, {types[n]})" for n in names)
    table = f"sa.table({r.string(r.table())}, {inner})"
    rows = "[" + ",\n    ".join(row() for _ in range(r.number(1, 3))) + "]"
    if r.odds(25):
        inner = ", ".join(f"sa.Column({n!r}, {types[n]})" for n in names if n not in ("kind",))
        if "kind" not in names:
            return [
                f"{variable} = op.create_table({r.string(r.table())}, {inner})",
                f"op.bulk_insert({variable}, {rows})",
            ]
    r.write(f"{variable} = {table}")
    return [f"op.bulk_insert({variable}, {rows}{r.one('', '', ', multiinsert=False')})"]


# --- Python ------------------------------------------------------------------------------------


@kind(6)
def loops(r):
    tables = [r.one(*NAMES) for _ in range(r.number(1, 4))]
    constant = r.name("TABLES")
    shape = r.number(0, 9)
    if shape in (0, 1, 2, 3):
        r.write(f"{constant} = {r.strings(tables)}")
    loop = {
        0: f"for table in {constant}:\n    op.add_column(table, {column(r, constraints=False)})",
        1: (
            f"for i, table in enumerate({constant}{r.one('', ', 1', ', start=1')}):\n   "
            " op.create_index(f'ix_{table}_{i}', table, ['name'], unique=i == 1)"
        ),
        2: f"for table in reversed({constant}):\n    op.drop_table(table)",
        3: (
            f"for table in sorted({constant}, key=len, reverse={r.one('True', 'False')}):\n   "
            " op.execute('ANALYZE ' + table)"
        ),
        4: (
            "for name, value in"
            f" {{{', '.join(f'{t!r}: {r.number()}' for t in dict.fromkeys(tables))}}}.items():\n   "
            " op.execute(f\"INSERT INTO settings VALUES ('{name}', {value})\")"
        ),
        5: (
            f"for i in range({r.one('3', '1, 4', '0, 10, 4', '5, 0, -2')}):\n    op.execute('CREATE"
            " TABLE part_%02d PARTITION OF events FOR VALUES WITH (MODULUS 4, REMAINDER %d)' %"
            " (i, i))"
        ),
        6: (
            f"for old, new in zip({r.strings(tables)}, ['a', 'b', 'c', 'd']):\n   "
            " op.rename_table(old, new)"
        ),
        7: (
            f"for table, columns in [('a', ['x', 'y']), ('b', ['z'])]:\n    for name in columns:\n "
            f"       if name == 'y':\n            continue\n        op.drop_column(table, name)"
        ),
        8: (
            "n = 3\nwhile n > 0:\n    op.execute(f'SELECT {n}')\n    n -= 1\n    if n == 1:\n      "
            "  break\nelse:\n    op.execute('SELECT 0')"
        ),
        9: (
            f"for (schema, table), kind in {{('audit', {tables[0]!r}): 'x', ('shop', 'b'):"
            " 'y'}.items():\n    op.execute(f'COMMENT ON TABLE {schema}.{table} IS"
            " {kind!r}')"
        ),
    }[shape]
    return [loop]


@kind(5)
def helpers(r):
    function = r.name("helper")
    shape = r.number(0, 7)
    table = r.one(*NAMES)
    if shape == 0:
        r.write(
            f"def {function}(table, *columns, unique=False, **options):",
            "    for c in columns:",
            "        op.create_index(f'ix_{table}_{c}', table, [c], unique=unique, **options)",
        )
        return [
            f"{function}({table!r}, 'a',"
            f" 'b'{r.one('', ', unique=True', ', postgresql_using=' + repr('gin'))})"
        ]
    if shape == 1:
        r.write(
            f"def {function}(name, kind=sa.Text, nullable=True):",
            "    return sa.Column(name, kind(), nullable=nullable)",
        )
        return [
            f"op.add_column({table!r}, {function}('note',"
            f" {r.one('sa.Integer', 'sa.String', 'kind=sa.Date')}))"
        ]
    if shape == 2:
        r.write(
            f"def {function}():",
            "    return [",
            (
                "        sa.Column('created_at', sa.DateTime(), server_default=sa.func.now(),"
                " nullable=False),"
            ),
            "        sa.Column('updated_at', sa.DateTime()),",
            "    ]",
        )
        return [
            f"op.create_table({table!r}, sa.Column('id', sa.Integer(), primary_key=True),"
            f" *{function}())"
        ]
    if shape == 3:
        r.write(
            f"def {function}(values):",
            "    quoted = []",
            "    for v in values:",
            '        quoted.append("\'" + v.replace("\'", "\'\'") + "\'")',
            "    return ', '.join(quoted)",
        )
        return [
            "op.execute('CREATE TYPE mood AS ENUM (' +"
            f" {function}({r.strings(r.some(LABELS, 1, 3))}) + ')')"
        ]
    if shape == 4:
        r.write(
            f"def {function}(prefix):",
            "    def inner(name):",
            "        return prefix + '_' + name",
            "    return inner",
        )
        return [f"make = {function}({table!r})\nop.drop_index(make('ix'), table_name={table!r})"]
    if shape == 5:
        r.write(f"{function} = lambda t, c='id': f'{{t}}.{{c}}'")
        return [
            "op.create_table('links', sa.Column('a', sa.Integer(),"
            f" sa.ForeignKey({function}({table!r}))), sa.Column('b', sa.Integer(),"
            f" sa.ForeignKey({function}({table!r}, 'code'))))"
        ]
    if shape == 6:
        r.write(f"def {function}(n):", "    while n:", "        yield n, n ** 2", "        n -= 1")
        return [
            f"for a, b in {function}({r.number(1, 3)}):\n    op.execute(f'INSERT INTO squares"
            " VALUES ({a}, {b})')"
        ]
    r.write(
        f"def {function}(table, column, /, value, *, where=None):",
        "    sql = f'UPDATE {table} SET {column} = {value}'",
        "    if where is not None:",
        "        sql += f' WHERE {where}'",
        "    op.execute(sql)",
    )
    return [
        f"{function}({table!r}, 'size',"
        f" {r.one('5', 'value=7')}{r.one('', ', where=' + repr('size IS NULL'))})"
    ]


@kind(5)
def python(r):
    """Pure Python whose result goes into SQL."""
    numbers = [r.number(0, 99) for _ in range(4)]
    words = r.some(NAMES, 2, 4)
    lines = r.one(
        lambda: [
            f"values = {{k: v for k, v in zip({words!r}, {numbers!r}) if v % 2}}",
            "op.execute('SELECT ' + str(len(values)))",
            "for k in sorted(values):\n    op.execute(f'SELECT {values[k]} AS {k}')",
        ],
        lambda: [
            f"names = [w.upper()[{r.number(0, 2)}:] for w in {words!r} if w]",
            "op.execute(\"SELECT '\" + '|'.join(names) + \"'\")",
        ],
        lambda: [
            f"total = sum(n * 2 for n in {numbers!r})",
            f"op.execute('SELECT %d, %d, %d' % (total, min({numbers!r}), max({numbers!r})))",
            f"op.execute(f'SELECT {{total / 4}}, {{total // 3}}, {{total % 7}}, {{-total ** 2}}')",
        ],
        lambda: [
            "import json",
            (
                f"data = json.dumps({{'a': {numbers!r}, 'b': None, 'c': True, 'd': 'x"
                f" y'}}{r.one('', ', sort_keys=True', ', indent=2')})"
            ),
            'op.execute(sa.text("UPDATE t SET payload = :data").bindparams(data=data))',
        ],
        lambda: [
            f"first, *rest = {words!r}",
            "op.execute(f'SELECT {len(rest)} AS {first}')",
            "a, b = b, a = 1, 2",
            "op.execute(f'SELECT {a}, {b}')",
        ],
        lambda: [
            f"if {numbers[0]} > 50 and not {numbers[1]} in {numbers!r}:\n    op.execute('SELECT"
            f" 1')\nelif {numbers[2]} < 50 <= {numbers[3]}:\n    op.execute('SELECT 2')\nelse:\n   "
            " op.execute('SELECT 3')"
        ],
        lambda: [
            f"x = 'a' if {numbers[0]} % 2 else 'b'",
            (
                "op.execute(f\"SELECT '{x * 3:>5}', '{x:<4}|{x:^5}', '{12.3456:.2f}',"
                " '{1234567:,}', '{255:x}'\")"
            ),
        ],
        lambda: [
            (
                f"try:\n    value = {{'a': 1}}[{r.one(repr('a'), repr('b'))}]\nexcept KeyError:\n  "
                "  value = None\nfinally:\n    op.execute('SELECT 1')"
            ),
            "op.execute(f\"SELECT '{value}'\")",
        ],
        lambda: [
            "import datetime",
            f"day = datetime.date(2024, 2, 27) + datetime.timedelta(days={r.number(0, 5)})",
            (
                "op.execute(f\"SELECT '{day}', '{day.isoformat()}', '{day:%Y%m%d}',"
                " '{day.strftime('%d.%m.%y')}'\")"
            ),
        ],
        lambda: [
            "from collections import defaultdict",
            "groups = defaultdict(list)",
            f"for w in {words!r}:\n    groups[len(w)].append(w)",
            (
                "for size in sorted(groups):\n    op.execute(f\"SELECT {size}, '{'"
                " '.join(groups[size])}'\")"
            ),
        ],
        lambda: [
            "import itertools",
            (
                f"for a, b in itertools.product({words[:2]!r}, range(2)):\n    op.execute(f'SELECT"
                " {b} AS {a}')"
            ),
        ],
        lambda: [
            f"text = {r.string(' Some  Text, here ')}",
            (
                "op.execute(f\"SELECT '{text.strip().lower().replace(' ', '_')}',"
                " '{text.split(',')[0]}', {text.count('e')}, {len(text)}, '{text.title()}'\")"
            ),
        ],
        lambda: [
            "import re",
            "op.execute(\"SELECT '\" + re.sub(r'[^a-z]+', '-', 'Some Text, here'.lower()) + \"'\")",
        ],
        lambda: [
            f"s = set({words!r}) | {{'x'}}",
            "op.execute(\"SELECT '\" + ','.join(sorted(s)) + \"'\")",
            "op.execute(f'SELECT {len(s)}, {int(\"x\" in s)}')",
        ],
        lambda: [
            f"rows = [dict(id=i, name=n) for i, n in enumerate({words!r}, 1)]",
            (
                "op.bulk_insert(sa.table('t', sa.column('id', sa.Integer), sa.column('name',"
                " sa.String)), rows)"
            ),
        ],
        lambda: [
            "parts = []",
            f"for w in {words!r}:\n    parts += [w, w[::-1]]",
            "parts.insert(0, 'z')\nparts.extend(['q'])\nparts.pop()",
            "op.execute(\"SELECT '\" + ' '.join(parts) + \"'\")",
        ],
        lambda: [
            f"if (n := len({words!r})) > 2:\n    op.execute(f'SELECT {{n}}')\nelse:\n    pass"
        ],
        lambda: [
            (
                f"old = {words!r}\nnew = [*old, 'extra']\nmerged = {{**dict.fromkeys(old, 0),"
                " 'extra': 1}"
            ),
            (
                'op.execute(f"SELECT {any(merged.values())!s}, {all(merged.values())},'
                " '{list(merged)[-1]}', '{new[1:-1][0]}'\")"
            ),
        ],
    )()
    return lines


@kind(3)
def conditionals(r):
    table = r.table()
    test = r.one(
        "op.get_bind().dialect.name == 'postgresql'",
        "op.get_context().dialect.name == 'sqlite'",
        "op.get_bind().dialect.name == 'mysql'",
        "op.get_bind().dialect.name in ('postgresql', 'cockroachdb')",
        "op.get_context().bind.dialect.name != 'postgresql'",
    )
    return [
        f"if {test}:\n    op.drop_table({r.string(table)})\nelse:\n   "
        f" op.drop_column({r.string(table)}, 'a')"
    ]


@kind(4)
def classes(r):
    cls = r.name(r.one("Status", "Spec", "Role"))
    table = r.one(*NAMES)
    shape = r.number(0, 6)
    if shape == 0:
        r.imports.add("import enum")
        r.write(
            f"class {cls}({r.one('str, enum.Enum', 'enum.Enum', 'enum.IntEnum')}):",
            *([f"    {m} = {v}" for m, v in (("A", 1), ("B", 2))]),
        )
        if "str, enum" in r.preamble[-3]:
            r.preamble[-2:] = ["    A = 'a1'", "    B = 'b2'"]
        return [
            (
                f"for member in {cls}:\n    op.execute(f\"SELECT '{{member.name}}',"
                " '{member.value}'\")"
            ),
            f"op.execute('SELECT ' + repr(str({cls}.A.value)))",
        ]
    if shape == 1:
        r.imports.add("from dataclasses import dataclass")
        r.write(
            "@dataclass" + r.one("", "(frozen=True)"),
            f"class {cls}:",
            "    table: str",
            "    column: str = 'name'",
            "    size: int = 10",
            "",
            "    def index(self):",
            "        return f'ix_{self.table}_{self.column}'",
        )
        return [
            f"for spec in [{cls}({table!r}), {cls}('b', size=5), {cls}('c', 'd', 7)]:\n   "
            " op.add_column(spec.table, sa.Column(spec.column, sa.String(spec.size)))\n   "
            " op.create_index(spec.index(), spec.table, [spec.column])"
        ]
    if shape == 2:
        r.imports.add("from collections import namedtuple")
        r.write(
            f"{cls} = namedtuple({cls!r}, {r.one(repr('table column'), repr(['table', 'column']))})"
        )
        return [
            (
                f"for table, column in [{cls}({table!r}, 'x'), {cls}(column='y', table='b')]:\n   "
                " op.drop_column(table, column)"
            ),
            f"op.execute('ANALYZE ' + {cls}('a', 'b').table)",
        ]
    if shape == 3:
        r.imports.add("from typing import NamedTuple")
        r.write(f"class {cls}(NamedTuple):", "    table: str", "    nullable: bool = True")
        return [
            f"spec = {cls}({table!r}, nullable=False)\nop.alter_column(spec.table, 'x',"
            " nullable=spec.nullable)"
        ]
    if shape == 4:
        r.write(
            f"class {cls}:",
            f"    table = {table!r}",
            "    columns = ['a', 'b']",
            "",
            "    def __init__(self, suffix=''):",
            "        self.suffix = suffix",
            "",
            "    def names(self):",
            "        return [c + self.suffix for c in self.columns]",
            "",
            "    @classmethod",
            "    def make(cls):",
            "        return cls('_x')",
            "",
            "    @staticmethod",
            "    def quote(name):",
            "        return '\"' + name + '\"'",
            "",
            "    @property",
            "    def first(self):",
            "        return self.names()[0]",
        )
        return [
            f"for name in {cls}.make().names():\n    op.drop_column({cls}.table, name)",
            f"op.execute(f'SELECT {{{cls}.quote({cls}().first)}}')",
        ]
    if shape == 5:
        r.write(
            f"class {cls}(sa.types.UserDefinedType):",
            "    cache_ok = True",
            "",
            "    def get_col_spec(self, **kw):",
            f"        return {r.one('geometry', 'ltree', 'vector(3)')!r}",
        )
        return [f"op.add_column({table!r}, sa.Column('shape', {cls}(), nullable=True))"]
    r.write(
        f"class {cls}(sa.types.TypeDecorator):",
        f"    impl = {r.one('sa.Text', 'sa.String(40)', 'sa.Integer')}",
        "    cache_ok = True",
    )
    return [
        f"op.create_table({table!r}, sa.Column('id', {cls}(), nullable=False),"
        " sa.PrimaryKeyConstraint('id'))"
    ]


# --- files -------------------------------------------------------------------------------------

TEMPLATE = '''"""{title}

Revision ID: {id}
Revises: {parent}
Create Date: 2024-03-04 10:20:30.123456

"""
from alembic import op
import sqlalchemy as sa
{imports}

# revision identifiers, used by Alembic.
revision{note} = {id!r}
down_revision{note} = {parent!r}
branch_labels = None
depends_on = None
{preamble}

def upgrade(){arrow}:
{upgrade}


def downgrade(){arrow}:
{downgrade}
'''


def indented(statements):
    text = "\n".join(statements)
    lines, quotes = [], False
    for line in text.split("\n"):
        lines.append(line if quotes or not line else "    " + line)
        if line.count('"""') % 2:
            quotes = not quotes
    return "\n".join(lines) or "    pass"


def revision_file(chance, number, version, kinds, convention):
    """The text of a file, and what its functions do."""
    r = Revision(chance, version, convention)
    bodies, used = [], []
    for _ in range(2):
        chosen = chance.choices(kinds, [k[1] for k in kinds], k=chance.choice([1, 1, 1, 2]))
        bodies.append([line for k in chosen for line in k[0](r)])
        used.append([k[0].__name__ for k in chosen])
    typed = r.odds(40)
    text = TEMPLATE.format(
        title="random",
        id=f"{number:04}",
        parent=f"{number - 1:04}" if number else None,
        imports="\n".join(sorted(r.imports)) + "\n",
        preamble="\n" + "\n".join(r.preamble).strip("\n") + "\n" if r.preamble else "",
        note=": str" if typed and number else "",
        arrow=" -> None" if typed else "",
        upgrade=indented(bodies[0]),
        downgrade=indented(bodies[1]),
    )
    return text, used


def fill(folder, count, seed, version, convention=False):
    """Writes the files; for each the kinds that its functions are made of."""
    os.makedirs(folder, exist_ok=True)
    kinds = [k for k in KINDS if k[2] <= version]
    result = {}
    for number in range(count):
        text, used = revision_file(
            random.Random(f"{seed}.{number}"), number, version, kinds, convention
        )
        with open(os.path.join(folder, f"{number:04}.py"), "w", encoding="utf-8") as file:
            file.write(text)
        result[f"{number:04}"] = used
    return result


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    numbers = [int(argument) for argument in sys.argv[2:5]]
    fill(sys.argv[1], *(numbers + [300, 1, 2][len(numbers) :]))
