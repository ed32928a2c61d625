"""Random DDL, much of it wrong: names are drawn from few, so that they clash and dangle."""

import random
import re

TYPES = ["integer", "bigint", "smallint", "text", "varchar(20)", "varchar", "numeric(10,2)",
         "numeric", "boolean", "date", "timestamp", "timestamptz(3)", "uuid", "jsonb", "bytea",
         "char(5)", "int[]", "text[]", "double precision", "real", "time", "interval", "bit(3)"]
DEFAULTS = {"integer": "1", "bigint": "2", "smallint": "3", "text": "'x'", "varchar(20)": "'y'",
            "varchar": "'v'", "numeric(10,2)": "1.5", "numeric": "7", "boolean": "true",
            "date": "current_date", "timestamp": "now()", "timestamptz(3)": "now()",
            "uuid": "gen_random_uuid()", "jsonb": "'{}'"}


class Generator:
    """`names` is filled with what the server has, so that most statements find something."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tables = {}  # (schema, name) to columns
        self.known = {}  # kind to names

    def one(self, choices):
        return self.random.choice(list(choices))

    def chance(self, share):
        return self.random.random() < share

    def some(self, choices, most):
        choices = list(dict.fromkeys(choices))
        return self.random.sample(choices, min(len(choices), self.random.randint(1, most)))

    def schema(self):
        return self.one(["", "", "", "", "", "public.", "s1.", "s2."])

    def new_table(self):
        return self.schema() + self.one(["t1", "t2", "t3", "t4", "t5", '"T x"'])

    def table(self):
        if self.tables and self.chance(0.85):
            schema, name = self.one(self.tables)
            return self.shown(schema, name)
        return self.new_table()

    def shown(self, schema, name):
        quoted = name if name.isalnum() and name.islower() or "_" in name and name.islower() \
            else f'"{name}"'
        return quoted if schema == "public" and self.chance(0.7) else f"{schema}.{quoted}"

    def columns_of(self, table):
        name = table.split(".")[-1].strip('"')
        for (schema, other), columns in self.tables.items():
            if other == name and columns and (schema + "." in table or "." not in table):
                return columns
        return ["a", "b"]

    def column(self, table):
        return self.one(self.columns_of(table)) if self.chance(0.85) else self.new_column()

    def new_column(self):
        return self.one("abcdefgh")

    def existing(self, kind, fresh):
        names = self.known.get(kind)
        return self.one(names) if names and self.chance(0.8) else self.one(fresh)

    def type(self):
        if self.chance(0.15):
            return self.existing("type", ["e1", "e2", "d1", "d2", "c1", "nothing"])
        return self.one(TYPES)

    def column_definition(self, name=None, constraints=True):
        name = name or self.new_column()
        if self.chance(0.1):
            return f"{name} {self.one(['serial', 'bigserial', 'smallserial'])}"
        if self.chance(0.07):
            way = self.one(["ALWAYS", "BY DEFAULT"])
            more = self.one(["", "", " (START WITH 5 INCREMENT BY 2)"])
            return f"{name} {self.one(['int', 'bigint', 'text'])} GENERATED {way} AS IDENTITY{more}"
        type_name = self.type()
        text = f"{name} {type_name}"
        if self.chance(0.35) and type_name in DEFAULTS:
            text += f" DEFAULT {DEFAULTS[type_name]}"
        if self.chance(0.3):
            text += " NOT NULL"
        if constraints and self.chance(0.2):
            text += " " + self.column_constraint(name)
        return text

    def column_constraint(self, column):
        named = f"CONSTRAINT {self.one(['k1', 'k2', 'k3', 'k4'])} " if self.chance(0.3) else ""
        return named + self.one([
            "UNIQUE", "PRIMARY KEY", f"CHECK ({column} IS NOT NULL)",
            f"REFERENCES {self.table()}", "UNIQUE DEFERRABLE INITIALLY DEFERRED"])

    def constraint(self, columns, table=""):
        named = f"CONSTRAINT {self.one(['k1', 'k2', 'k3', 'k4', 'k5'])} " if self.chance(0.5) else ""
        listed = ", ".join(self.some(columns, 2))
        kind = self.random.randrange(7)
        if kind == 0:
            return f"{named}PRIMARY KEY ({listed})"
        if kind in (1, 2):
            more = self.one(["", "", " DEFERRABLE", f" INCLUDE ({self.one(columns)})"])
            nulls = self.one(["", "", " NULLS NOT DISTINCT"])
            return f"{named}UNIQUE{nulls} ({listed}){more}"
        if kind == 3:
            test = " AND ".join(f"{column} IS NOT NULL" for column in self.some(columns, 2))
            return f"{named}CHECK ({test})" + self.one(["", "", " NO INHERIT"])
        target = self.table()
        other = self.some(self.columns_of(target), 2)
        own = self.some(columns, 2)
        if self.chance(0.6):
            other, own = other[:1], own[:1]
        reference = "" if self.chance(0.4) else f" ({', '.join(other)})"
        action = self.one(["", " ON DELETE CASCADE", " ON UPDATE SET NULL", " ON DELETE SET DEFAULT"])
        return (f"{named}FOREIGN KEY ({', '.join(own)}) REFERENCES {target}{reference}{action}"
                + self.one(["", "", " DEFERRABLE INITIALLY DEFERRED"]))

    def create_table(self):
        exists = "IF NOT EXISTS " if self.chance(0.15) else ""
        if self.chance(0.03):
            return f"CREATE TABLE {self.new_table()} (a int, b int, a text)"
        columns = self.some("abcdefg", 4)
        parts = [self.column_definition(name) for name in columns]
        if self.chance(0.4):
            parts.append(self.constraint(columns))
        if self.chance(0.08):
            options = self.one(["", " INCLUDING ALL", " INCLUDING DEFAULTS INCLUDING INDEXES",
                                " INCLUDING CONSTRAINTS", " INCLUDING IDENTITY"])
            parts.insert(self.random.randint(0, len(parts)), f"LIKE {self.table()}{options}")
        if self.chance(0.04):
            parts.append(f"{self.one('xyz')} boolean GENERATED ALWAYS AS ({columns[0]} IS NULL) STORED")
        tail = f" INHERITS ({self.table()})" if self.chance(0.06) else ""
        unlogged = "UNLOGGED " if self.chance(0.05) else ""
        return f"CREATE {unlogged}TABLE {exists}{self.new_table()} ({', '.join(parts)}){tail}"

    def action(self, table):
        column = self.column(table)
        columns = self.columns_of(table)
        cascade = self.one(["", "", " CASCADE", " RESTRICT"])
        exists = self.one(["", "", "IF EXISTS "])
        not_exists = self.one(["", "", "IF NOT EXISTS "])
        constraint = self.existing("constraint", ["k1", "k2", "k3"])
        return self.one([
            lambda: f"ADD COLUMN {not_exists}{self.column_definition()}",
            lambda: f"ADD COLUMN {not_exists}{self.column_definition()}",
            lambda: f"ADD COLUMN {self.column_definition()}",
            lambda: f"DROP COLUMN {exists}{column}{cascade}",
            lambda: f"ALTER COLUMN {column} SET NOT NULL",
            lambda: f"ALTER COLUMN {column} DROP NOT NULL",
            lambda: f"ALTER COLUMN {column} DROP DEFAULT",
            lambda: f"ALTER COLUMN {column} SET DEFAULT NULL",
            lambda: f"ALTER COLUMN {column} TYPE text USING {column}::text",
            lambda: f"ALTER COLUMN {column} TYPE varchar(30) USING {column}::varchar",
            lambda: f"ADD {self.constraint(columns, table)}",
            lambda: f"ADD {self.constraint(columns, table)}",
            lambda: f"ADD {self.constraint(columns, table)}",
            lambda: f"DROP CONSTRAINT {exists}{constraint}{cascade}",
            lambda: f"VALIDATE CONSTRAINT {constraint}",
            lambda: f"ADD CONSTRAINT {self.one(['k1', 'k6'])} CHECK ({column} IS NOT NULL) NOT VALID",
            lambda: f"ALTER COLUMN {column} ADD GENERATED ALWAYS AS IDENTITY",
            lambda: f"ALTER COLUMN {column} DROP IDENTITY{self.one(['', ' IF EXISTS'])}",
            lambda: f"ENABLE ROW LEVEL SECURITY",
            lambda: f"ADD CONSTRAINT {self.one(['k7', 'k8'])} UNIQUE USING INDEX "
                    f"{self.existing('index', ['i1', 'i2']).split('.')[-1]}",
        ])()

    def alter_table(self):
        table = self.table()
        actions = [self.action(table)]
        if self.chance(0.2):
            actions.append(self.action(table))
        exists = "IF EXISTS " if self.chance(0.1) else ""
        return f"ALTER TABLE {exists}{table} {', '.join(actions)}"

    def rename(self):
        table = self.table()
        return self.one([
            lambda: f"ALTER TABLE {table} RENAME COLUMN {self.column(table)} TO {self.new_column()}",
            lambda: f"ALTER TABLE {table} RENAME TO {self.one(['t1', 't2', 't3', 't6'])}",
            lambda: f"ALTER TABLE {table} RENAME CONSTRAINT "
                    f"{self.existing('constraint', ['k1', 'k2'])} TO {self.one(['k1', 'k9', 'k10'])}",
            lambda: f"ALTER TABLE {table} SET SCHEMA {self.one(['s1', 's2', 'public', 'nowhere'])}",
            lambda: f"ALTER INDEX {self.existing('index', ['i1'])} RENAME TO {self.one(['i1', 'i7'])}",
            lambda: f"ALTER TYPE {self.existing('type', ['e1'])} RENAME TO {self.one(['e1', 'e9', 't1'])}",
            lambda: f"ALTER TYPE {self.existing('type', ['e1'])} SET SCHEMA {self.one(['s1', 'public'])}",
            lambda: f"ALTER SEQUENCE {self.existing('sequence', ['q1'])} RENAME TO {self.one(['q1', 'q9'])}",
            lambda: f"ALTER VIEW {self.existing('view', ['v1'])} RENAME TO {self.one(['v1', 'v9'])}",
            lambda: f"ALTER SCHEMA {self.one(['s1', 's2', 's3'])} RENAME TO {self.one(['s1', 's2', 's3'])}",
        ])()

    def index(self):
        table = self.table()
        columns = self.columns_of(table)
        concurrently = "CONCURRENTLY " if self.chance(0.1) else ""
        name = self.one(["", "i1", "i2", "i3", "i4", "IF NOT EXISTS i1"])
        if name.startswith("IF") and concurrently:
            concurrently = ""
        parts = []
        for column in self.some(columns, 2):
            parts.append(self.one([column, column, column, f"{column} DESC", f"{column} NULLS FIRST",
                                   f"({column} IS NOT NULL)", f"({column} IS NULL)"]))
        include = f" INCLUDE ({self.one(columns)})" if self.chance(0.15) else ""
        nulls = " NULLS NOT DISTINCT" if self.chance(0.1) else ""
        where = f" WHERE {self.one(columns)} IS NOT NULL" if self.chance(0.2) else ""
        unique = "UNIQUE " if self.chance(0.3) else ""
        return (f"CREATE {unique}INDEX {concurrently}{name} ON {table} ({', '.join(parts)})"
                f"{include}{nulls}{where}")

    def types(self):
        name = self.existing("type", ["e1", "e2", "d1", "c1"])
        label = self.one(["'a'", "'b'", "'c'", "'new one'"])
        return self.one([
            lambda: f"CREATE TYPE {self.schema()}{self.one(['e1', 'e2', 'e3', 't1'])} AS ENUM "
                    f"({', '.join(self.some(chr(39) + c + chr(39) for c in 'abcd'))})"
            if False else f"CREATE TYPE {self.schema()}{self.one(['e1', 'e2', 'e3', 't1'])} AS ENUM ('a', 'b')",
            lambda: f"ALTER TYPE {name} ADD VALUE {self.one(['', 'IF NOT EXISTS '])}{label}"
                    f"{self.one(['', ' BEFORE ' + chr(39) + 'a' + chr(39), ' AFTER ' + chr(39) + 'b' + chr(39)])}",
            lambda: f"ALTER TYPE {name} RENAME VALUE {label} TO {self.one([chr(39) + 'z' + chr(39), label])}",
            lambda: f"CREATE DOMAIN {self.schema()}{self.one(['d1', 'd2', 'd3'])} AS {self.type()}"
                    f"{self.one(['', ' NOT NULL', ' CHECK (VALUE IS NOT NULL)', ' CONSTRAINT k1 CHECK (VALUE IS NOT NULL)'])}",
            lambda: f"ALTER DOMAIN {name} {self.one(['SET NOT NULL', 'DROP NOT NULL', 'DROP DEFAULT', 'ADD CHECK (VALUE IS NOT NULL)', 'ADD CONSTRAINT k2 CHECK (VALUE IS NOT NULL) NOT VALID', 'DROP CONSTRAINT k2', 'VALIDATE CONSTRAINT k2', 'DROP CONSTRAINT IF EXISTS k1'])}",
            lambda: f"CREATE TYPE {self.schema()}{self.one(['c1', 'c2'])} AS (x {self.type()}, y text)",
            lambda: f"ALTER TYPE {self.one(['c1', 'c2'])} {self.one(['ADD ATTRIBUTE z int', 'DROP ATTRIBUTE y', 'DROP ATTRIBUTE IF EXISTS w', 'RENAME ATTRIBUTE x TO w'])}",
        ])()

    def drop(self):
        cascade = self.one(["", "", "", " CASCADE"])
        exists = self.one(["", "", "IF EXISTS "])
        return self.one([
            lambda: f"DROP TABLE {exists}{self.table()}{cascade}",
            lambda: f"DROP TABLE {exists}{self.table()}, {self.table()}{cascade}",
            lambda: f"DROP INDEX {exists}{self.existing('index', ['i1', 'i2'])}{cascade}",
            lambda: f"DROP TYPE {exists}{self.existing('type', ['e1', 'e2'])}{cascade}",
            lambda: f"DROP DOMAIN {exists}{self.existing('type', ['d1'])}{cascade}",
            lambda: f"DROP VIEW {exists}{self.existing('view', ['v1', 'v2'])}{cascade}",
            lambda: f"DROP SEQUENCE {exists}{self.existing('sequence', ['q1'])}{cascade}",
            lambda: f"DROP FUNCTION {exists}{self.one(['f1', 'f2', 'tf1'])}"
                    f"{self.one(['', '()', '(int)', '(int, text)'])}{cascade}",
            lambda: f"DROP TRIGGER {exists}{self.one(['g1', 'g2'])} ON {self.table()}{cascade}",
            lambda: f"DROP SCHEMA {exists}{self.one(['s1', 's2', 's3'])}{cascade}",
            lambda: f"DROP POLICY {exists}{self.one(['p1', 'p2'])} ON {self.table()}",
        ])()

    def sequence(self):
        table = self.table()
        options = self.one(["", "", " INCREMENT BY -1", " AS smallint", " MINVALUE 5 MAXVALUE 3",
                            " START 100 MAXVALUE 50", f" OWNED BY {table}.{self.column(table)}",
                            " INCREMENT 0", " CACHE 10 CYCLE"])
        if self.chance(0.6):
            exists = self.one(["", "", "IF NOT EXISTS "])
            return f"CREATE SEQUENCE {exists}{self.schema()}{self.one(['q1', 'q2', 'q3'])}{options}"
        return f"ALTER SEQUENCE {self.existing('sequence', ['q1', 'q2'])}{options or ' START 1'}"

    def view(self):
        table = self.table()
        columns = self.some(self.columns_of(table), 3)
        replace = "OR REPLACE " if self.chance(0.3) else ""
        materialized = "MATERIALIZED " if not replace and self.chance(0.15) else ""
        query = self.one([
            f"SELECT {', '.join(columns)} FROM {table}",
            f"SELECT x.{columns[0]}, 1 AS one FROM {table} x",
            f"SELECT * FROM {table}",
            f"SELECT count(*) FROM {table} WHERE {columns[0]} IS NOT NULL",
            f"SELECT {columns[0]}::text FROM {table} UNION SELECT 'x'",
            f"WITH w AS (SELECT {columns[0]} AS q FROM {table}) SELECT q FROM w",
        ])
        return f"CREATE {replace}{materialized}VIEW {self.schema()}{self.one(['v1', 'v2', 'v3', 't5'])} AS {query}"

    def function(self):
        replace = self.one(["", "", "OR REPLACE "])
        table = self.table()
        return self.one([
            lambda: f"CREATE {replace}FUNCTION {self.one(['f1', 'f2'])}({self.one(['', 'a int', 'a int, b text', 'b int'])}) "
                    f"RETURNS {self.one(['int', 'int', 'text'])} LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            lambda: f"CREATE {replace}FUNCTION tf1() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            lambda: f"CREATE {replace}TRIGGER {self.one(['g1', 'g2'])} {self.one(['BEFORE INSERT', 'AFTER UPDATE OF ' + self.column(table), 'AFTER DELETE'])} "
                    f"ON {table} FOR EACH {self.one(['ROW', 'STATEMENT'])} EXECUTE FUNCTION {self.one(['tf1', 'tf1', 'f1'])}()",
            lambda: f"CREATE POLICY {self.one(['p1', 'p2'])} ON {table} USING ({self.column(table)} IS NOT NULL)",
        ])()

    def publication(self):
        table = self.table()
        publication = self.one(["u1", "u2"])
        columns = self.columns_of(table)
        of = self.one(["", f" ({', '.join(self.some(columns, 2))})",
                       f" WHERE ({self.one(columns)} IS NOT NULL)",
                       f" ({self.one(columns)}) WHERE ({self.one(columns)} IS NULL)"])
        if re.search(r"\br\d$", table):  # a filter of a partitioned table needs an option
            of = ""
        only = self.one(["", "", "ONLY "])
        return self.one([
            lambda: f"CREATE PUBLICATION {publication}{self.one(['', f' FOR TABLE {only}{table}{of}'])}",
            lambda: f"CREATE PUBLICATION {publication} FOR TABLE {only}{table}{of}, {self.table()}",
            lambda: f"ALTER PUBLICATION {publication} {self.one(['ADD', 'SET'])} TABLE {only}{table}{of}",
            lambda: f"ALTER PUBLICATION {publication} DROP TABLE {only}{table}",
            lambda: f"ALTER PUBLICATION {publication} RENAME TO {self.one(['u1', 'u2'])}",
            lambda: f"DROP PUBLICATION {self.one(['', 'IF EXISTS '])}{publication}",
        ])()

    def other(self):
        table = self.table()
        column = self.column(table)
        return self.one([
            lambda: f"CREATE SCHEMA {self.one(['', 'IF NOT EXISTS '])}{self.one(['s1', 's2', 's3'])}",
            lambda: f"COMMENT ON COLUMN {table}.{column} IS {self.one(['NULL', chr(39) + 'why' + chr(39)])}",
            lambda: f"COMMENT ON TABLE {table} IS {self.one(['NULL', chr(39) + 'why' + chr(39)])}",
            lambda: f"COMMENT ON CONSTRAINT {self.existing('constraint', ['k1'])} ON {table} IS 'c'",
            lambda: f"SELECT {column} FROM {table} WHERE {self.column(table)} IS NULL",
            lambda: f"UPDATE {table} SET {column} = NULL WHERE {self.column(table)} IS NULL",
            lambda: f"DELETE FROM {table} WHERE {column} IS NULL",
            lambda: f"TRUNCATE {table}{self.one(['', ' CASCADE'])}",
            lambda: f"SET search_path = {self.one(['public', 's1, public', 'public, s1', 's2'])}"
            if self.chance(0.2) else "SET lock_timeout = 0",
            lambda: f"CREATE TABLE {self.new_table()} AS SELECT {column} FROM {table}",
        ])()

    def partition(self):
        table = self.table()
        return self.one([
            lambda: f"CREATE TABLE {self.one(['r1', 'r2'])} (a int {self.one(['', 'NOT NULL', 'PRIMARY KEY'])}, b text) PARTITION BY LIST (a)",
            lambda: f"CREATE TABLE {self.one(['r1a', 'r1b', 'r2a'])} PARTITION OF {self.one(['r1', 'r2', table])} "
                    f"{self.one(['FOR VALUES IN (1)', 'FOR VALUES IN (2)', 'DEFAULT'])}",
            lambda: f"CREATE {self.one(['', '', 'UNIQUE '])}INDEX ON {self.one(['r1', 'r2'])} ({self.one('ab')})",
            lambda: f"ALTER TABLE {self.one(['r1', 'r2'])} DETACH PARTITION {self.one(['r1a', 'r1b', 'r2a'])}",
            lambda: f"ALTER TABLE {self.one(['r1', 'r2'])} ATTACH PARTITION {self.one(['r1a', 'r2a', table])} FOR VALUES IN (3)",
            lambda: f"ALTER TABLE {self.one(['r1', 'r2', 'r1a'])} {self.action('r1')}",
            lambda: f"ALTER TABLE {self.one(['r1', 'r2'])} ADD {self.constraint(['a', 'b'])}",
            lambda: f"DROP TABLE {self.one(['r1', 'r1a', 'r2'])}",
        ])()

    def statement(self):
        return self.random.choices(
            [self.create_table, self.alter_table, self.rename, self.index, self.types, self.drop,
             self.sequence, self.view, self.function, self.other, self.partition,
             self.publication],
            [16, 24, 8, 10, 9, 8, 4, 6, 5, 7, 5, 6])[0]()
