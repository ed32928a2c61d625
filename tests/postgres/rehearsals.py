"""Revisions whose way back is rehearsed, with the class that they must have.

`between` is what the application writes after the upgrade; `then` are questions about the database
behind the way back, with their answers. `allowed` are differences that the plan announces.
"""

BASE = """
CREATE TYPE status AS ENUM ('new', 'paid', 'void');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE SEQUENCE free_seq;
CREATE TABLE customer (
  id serial PRIMARY KEY, name text NOT NULL, mail email, st status DEFAULT 'new' NOT NULL,
  note varchar(50) DEFAULT 'n/a', code integer DEFAULT nextval('free_seq'),
  touched timestamptz DEFAULT now(), up text GENERATED ALWAYS AS (upper(name)) STORED,
  CONSTRAINT customer_code_pos CHECK (code > 0));
CREATE INDEX customer_note ON customer (lower(note)) WHERE note IS NOT NULL;
CREATE UNIQUE INDEX customer_mail ON customer (mail);
CREATE STATISTICS customer_st (dependencies) ON st, note FROM customer;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.touched := now() + interval '1 day'; RETURN NEW; END $$;
CREATE TRIGGER customer_touch BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY customer_all ON customer USING (code >= 0);
COMMENT ON COLUMN customer.note IS 'free text';
GRANT SELECT ON customer TO PUBLIC;
CREATE TABLE invoice (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customer ON DELETE CASCADE, total numeric(12,4), st status);
CREATE TABLE item (id bigint PRIMARY KEY, invoice_id integer REFERENCES invoice
  DEFERRABLE INITIALLY DEFERRED, what text);
CREATE TABLE event (id integer NOT NULL, day date NOT NULL, body text, PRIMARY KEY (id, day))
  PARTITION BY RANGE (day);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE lonely (v text, w integer);
CREATE TABLE setting (key text PRIMARY KEY, value text);
CREATE TABLE audit (what text);
CREATE VIEW customer_v AS SELECT customer.id, customer.name, customer.note FROM customer;
CREATE VIEW customer_vv AS SELECT customer_v.id, customer_v.note FROM customer_v;
GRANT SELECT ON customer_vv TO PUBLIC;
CREATE MATERIALIZED VIEW invoice_mv AS
  SELECT invoice.customer_id, count(*) AS n FROM invoice GROUP BY invoice.customer_id;
CREATE INDEX invoice_mv_customer ON invoice_mv (customer_id);
"""

DATA = """
INSERT INTO customer (name, mail, st, note)
  SELECT 'c' || g, 'c' || g || '@x', (ARRAY['new', 'paid', 'void'])[1 + g % 3]::status,
         CASE WHEN g % 4 = 0 THEN NULL ELSE 'note ' || g END FROM generate_series(1, 20) AS g;
INSERT INTO invoice (customer_id, total, st) SELECT 1 + g % 20, g * 1.2345, 'paid'
  FROM generate_series(1, 40) AS g;
INSERT INTO item SELECT g, 1 + g % 40, 'i' || g FROM generate_series(1, 60) AS g;
INSERT INTO event SELECT g, date '2024-01-01' + g * 6, 'e' || g FROM generate_series(1, 100) AS g;
INSERT INTO lonely SELECT 'v' || g, g FROM generate_series(1, 5) AS g;
INSERT INTO setting VALUES ('a', '1'), ('b', '2');
REFRESH MATERIALIZED VIEW invoice_mv;
"""

NOTE_BACK = """
ALTER TABLE customer ADD COLUMN note varchar(50) DEFAULT 'n/a';
COMMENT ON COLUMN customer.note IS 'free text';
CREATE INDEX customer_note ON customer (lower(note)) WHERE note IS NOT NULL;
CREATE STATISTICS customer_st (dependencies) ON st, note FROM customer;
CREATE VIEW customer_v AS SELECT customer.id, customer.name, customer.note FROM customer;
CREATE VIEW customer_vv AS SELECT customer_v.id, customer_v.note FROM customer_v;
GRANT SELECT ON customer_vv TO PUBLIC;
"""
NOTE_GONE = """
DROP VIEW customer_vv;
DROP VIEW customer_v;
ALTER TABLE customer DROP COLUMN note;
"""


def scenario(kind, up, down, **more):
    return {"base": BASE, "data": DATA, "class": kind, "up": up, "down": down, **more}


SCENARIOS = {
    # --- exact ---
    "new objects": scenario(
        "exact", "CREATE TABLE fresh (id integer PRIMARY KEY, c integer REFERENCES customer);"
        "ALTER TABLE lonely ADD COLUMN z integer DEFAULT 4; CREATE INDEX lonely_z ON lonely (z);",
        "DROP INDEX lonely_z; ALTER TABLE lonely DROP COLUMN z; DROP TABLE fresh;"),
    "a rename": scenario(
        "exact", "ALTER TABLE lonely RENAME COLUMN v TO vv; ALTER TABLE lonely RENAME TO alone;",
        "ALTER TABLE alone RENAME TO lonely; ALTER TABLE lonely RENAME COLUMN vv TO v;"),
    "a comment": scenario("exact", "COMMENT ON TABLE lonely IS 'alone';",
                          "COMMENT ON TABLE lonely IS NULL;"),
    "a generated column": scenario(
        "exact, slow", "ALTER TABLE customer DROP COLUMN up;",
        "ALTER TABLE customer ADD COLUMN up text GENERATED ALWAYS AS (upper(name)) STORED;"),
    "a grant": scenario("exact", "GRANT SELECT ON lonely TO PUBLIC;",
                        "REVOKE SELECT ON lonely FROM PUBLIC;"),
    "a view again": scenario(
        "exact", "DROP VIEW customer_vv;",
        "CREATE VIEW customer_vv AS SELECT customer_v.id, customer_v.note FROM customer_v;"
        "GRANT SELECT ON customer_vv TO PUBLIC;"),
    "a policy and a trigger again": scenario(
        "exact", "DROP POLICY customer_all ON customer; DROP TRIGGER customer_touch ON customer;",
        "CREATE POLICY customer_all ON customer USING (code >= 0);"
        "CREATE TRIGGER customer_touch BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();"),
    "no downgrade, but one can be worked out": scenario(
        "exact", "ALTER TABLE lonely ADD COLUMN z integer; CREATE INDEX lonely_z ON lonely (z);",
        None),
    # --- exact, slow ---
    "a dropped check": scenario(
        "exact, slow", "ALTER TABLE customer DROP CONSTRAINT customer_code_pos;",
        "ALTER TABLE customer ADD CONSTRAINT customer_code_pos CHECK (code > 0);"),
    "a wider type": scenario("exact, slow", "ALTER TABLE lonely ALTER COLUMN w TYPE bigint;",
                             "ALTER TABLE lonely ALTER COLUMN w TYPE integer;"),
    "a dropped index": scenario("exact, slow", "DROP INDEX customer_mail;",
                                "CREATE UNIQUE INDEX customer_mail ON customer (mail);"),
    # --- data kept ---
    "a dropped column": scenario(
        "data kept", NOTE_GONE, NOTE_BACK,
        between="INSERT INTO customer (name) VALUES ('late');"
        "UPDATE customer SET name = 'changed' WHERE id = 1; DELETE FROM item; "
        "DELETE FROM customer WHERE id = 2;",
        then=[("SELECT note FROM customer WHERE id = 1", "note 1"),
              ("SELECT name FROM customer WHERE id = 1", "changed"),
              ("SELECT note IS NULL FROM customer WHERE id = 4", "t"),
              ("SELECT note FROM customer WHERE name = 'late'", "n/a"),
              ("SELECT count(*) FROM customer WHERE id = 2", "0"),
              ("SELECT tgenabled FROM pg_trigger WHERE tgname = 'customer_touch'", "O")]),
    "a dropped column without a downgrade": scenario(
        "data kept", "ALTER TABLE invoice DROP COLUMN total;", ""),
    "a dropped column that is never null, and a downgrade that fails over rows": scenario(
        "data kept", "ALTER TABLE item ALTER COLUMN what SET NOT NULL; ALTER TABLE item DROP COLUMN what;",
        "ALTER TABLE item ADD COLUMN what text NOT NULL;"),
    "a new column is filled": scenario(
        "exact", "ALTER TABLE setting ADD COLUMN more text; UPDATE setting SET more = value;",
        "ALTER TABLE setting DROP COLUMN more;"),
    "a dropped enum column with its type": {
        "base": "CREATE TYPE mood AS ENUM ('sad', 'ok');"
                "CREATE TABLE person (id integer PRIMARY KEY, m mood NOT NULL);",
        "data": "INSERT INTO person VALUES (1, 'sad'), (2, 'ok');", "class": "data kept",
        "up": "ALTER TABLE person DROP COLUMN m; DROP TYPE mood;", "down": "",
        "between": "DELETE FROM person WHERE id = 2;",
        "then": [("SELECT m FROM person", "sad"),
                 ("SELECT attnotnull FROM pg_attribute WHERE attname = 'm' AND attrelid = 'person'::regclass", "t")]},
    "a lossy type": scenario(
        "data kept", "ALTER TABLE invoice ALTER COLUMN total TYPE numeric(12,1);",
        "ALTER TABLE invoice ALTER COLUMN total TYPE numeric(12,4);",
        between="UPDATE invoice SET total = 7 WHERE id = 3; DELETE FROM item;"
        "DELETE FROM invoice WHERE id = 4;",
        then=[("SELECT total FROM invoice WHERE id = 2", "2.4690"),
              ("SELECT total FROM invoice WHERE id = 3", "7.0000"),
              ("SELECT count(*) FROM invoice WHERE id = 4", "0")]),
    "changed rows": scenario(
        "data kept", "UPDATE customer SET name = 'x' || name WHERE id > 10;", "",
        between="UPDATE customer SET name = 'mine' WHERE id = 12;",
        then=[("SELECT name FROM customer WHERE id = 11", "c11"),
              ("SELECT name FROM customer WHERE id = 12", "mine")]),
    "deleted rows with those that follow": scenario(
        "data kept", "DELETE FROM item; DELETE FROM customer WHERE id < 4;", "",
        between="INSERT INTO customer (name) VALUES ('late');",
        then=[("SELECT count(*) FROM customer", "21"), ("SELECT count(*) FROM item", "60"),
              ("SELECT count(*) FROM invoice", "40")]),
    "inserted rows": scenario(
        "data kept", "INSERT INTO setting VALUES ('c', '3'), ('d', '4');", "",
        between="UPDATE setting SET value = 'mine' WHERE key = 'd';"
        "INSERT INTO setting VALUES ('e', '5');",
        then=[("SELECT string_agg(key || value, ',' ORDER BY key) FROM setting",
               "a1,b2,dmine,e5")]),
    "inserted rows, and a downgrade that deletes more": scenario(
        "data kept", "INSERT INTO setting VALUES ('c', '3'), ('d', '4');",
        "DELETE FROM setting WHERE key > 'a';",
        between="UPDATE setting SET value = 'mine' WHERE key = 'd';"
        "INSERT INTO setting VALUES ('e', '5');",
        then=[("SELECT string_agg(key || value, ',' ORDER BY key) FROM setting",
               "a1,b2,dmine,e5")]),
    "a dropped column with a comment, and no downgrade": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, v text); COMMENT ON COLUMN t.v IS 'it''s';",
        "data": "INSERT INTO t VALUES (1, 'a'), (2, NULL);", "class": "data kept",
        "up": "ALTER TABLE t DROP COLUMN v;", "down": None},
    "a dropped table": scenario(
        "data kept", "DROP TABLE lonely;", "CREATE TABLE lonely (v text, w integer);"),
    "a dropped table with an identity": scenario(
        "data kept", "DROP TABLE item; DROP MATERIALIZED VIEW invoice_mv; DROP TABLE invoice;",
        "CREATE TABLE invoice (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        "  customer_id integer NOT NULL REFERENCES customer ON DELETE CASCADE,"
        "  total numeric(12,4), st status);"
        "CREATE TABLE item (id bigint PRIMARY KEY, invoice_id integer REFERENCES invoice"
        "  DEFERRABLE INITIALLY DEFERRED, what text);"
        "CREATE MATERIALIZED VIEW invoice_mv AS"
        "  SELECT invoice.customer_id, count(*) AS n FROM invoice GROUP BY invoice.customer_id;"
        "CREATE INDEX invoice_mv_customer ON invoice_mv (customer_id);"),
    "a column of a partitioned table": scenario(
        "data kept", "ALTER TABLE event DROP COLUMN body;", "ALTER TABLE event ADD COLUMN body text;",
        between="INSERT INTO event VALUES (1000, '2025-02-02');",
        then=[("SELECT body FROM event WHERE id = 3", "e3"),
              ("SELECT count(*) FROM event", "101")]),
    "rows of a partition": scenario("data kept", "DELETE FROM event_2024 WHERE id < 10;", ""),
    "serial to identity": {
        "base": "CREATE TABLE t (id serial PRIMARY KEY, v text);",
        "data": "INSERT INTO t (v) VALUES ('a'), ('b');", "class": "data kept",
        "up": "ALTER TABLE t ALTER COLUMN id DROP DEFAULT; DROP SEQUENCE t_id_seq;"
              "ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START 1000);",
        "down": "ALTER TABLE t ALTER COLUMN id DROP IDENTITY; CREATE SEQUENCE t_id_seq AS integer OWNED BY t.id;"
                "ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_id_seq');",
        "between": "INSERT INTO t (v) VALUES ('c');",
        "then": [("INSERT INTO t (v) VALUES ('d') RETURNING id", "1001")]},
    "a table that others refer to, and a downgrade that forgets it": {
        "base": "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (a integer REFERENCES a);",
        "data": "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);", "class": "data kept",
        "up": "DROP TABLE a CASCADE;", "down": "CREATE TABLE a (id integer PRIMARY KEY);"},
    "a key that comes back": {
        "base": "CREATE TABLE t (id integer NOT NULL UNIQUE, a text NOT NULL, b serial,"
                "  PRIMARY KEY (a, id), UNIQUE (b));",
        "data": "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'y'), (3, 'x');", "class": "data kept",
        "up": "ALTER TABLE t DROP COLUMN a; ALTER TABLE t DROP COLUMN b;", "down": None,
        "between": "DELETE FROM t WHERE id = 1;",
        "then": [("SELECT string_agg(a || b, ',' ORDER BY id) FROM t", "y2,x3")]},
    "a downgrade that sets NOT NULL too early": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL);",
        "data": "INSERT INTO t VALUES (1, 'x');", "class": "data kept",
        "up": "ALTER TABLE t DROP COLUMN a;",
        "down": "ALTER TABLE t ADD COLUMN a text; ALTER TABLE t ALTER COLUMN a SET NOT NULL;"},
    "a publication of all tables": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL); CREATE PUBLICATION p FOR ALL TABLES;",
        "data": "INSERT INTO t VALUES (1, 'x');", "class": "data kept",
        "up": "UPDATE t SET a = 'y'; INSERT INTO t VALUES (2, 'z'); DELETE FROM t WHERE id = 5;",
        "down": ""},
    "names that need quotes": {
        "base": 'CREATE SCHEMA "My App"; CREATE TYPE "My App"."Kind" AS ENUM (\'it\'\'s\', \'a:b\');'
                'CREATE TABLE "My App"."Order Line" ("Id" integer PRIMARY KEY, "The Kind" "My App"."Kind",'
                ' "per%cent" text, "select" jsonb);',
        "data": 'INSERT INTO "My App"."Order Line" VALUES (1, \'a:b\', \'50%\', \'{"a": 1}\'), (2, NULL, NULL, NULL);',
        "class": "data kept",
        "up": 'ALTER TABLE "My App"."Order Line" DROP COLUMN "The Kind", DROP COLUMN "per%cent";'
              'UPDATE "My App"."Order Line" SET "select" = \'{}\';', "down": None},
    "a domain, an array, a json and a moment": {
        "base": "CREATE DOMAIN moment AS timestamptz; CREATE TYPE mood AS ENUM ('sad', 'ok');"
                "CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), m moment, l mood[], j json,"
                " f double precision, b bytea, p point, r tstzrange, n numeric);",
        "data": "INSERT INTO t (m, l, j, f, b, p, r, n) VALUES ('2024-05-01 12:00:00.123456+02', '{sad,ok}',"
                " '{\"a\":  1}', 0.1, '\\x00ff', '(1,2)', '[2024-01-01 00:00+00,2024-02-01 00:00+00)', 1.10),"
                " (NULL, NULL, NULL, 'NaN', NULL, NULL, NULL, 'NaN');",
        "class": "data kept",
        "up": "ALTER TABLE t DROP COLUMN m, DROP COLUMN l, DROP COLUMN j, DROP COLUMN f, DROP COLUMN b,"
              " DROP COLUMN p, DROP COLUMN r, DROP COLUMN n; DROP DOMAIN moment; DROP TYPE mood;",
        "down": None},
    "an enum that becomes another": {
        "base": "CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine');"
                "CREATE TABLE t (id integer PRIMARY KEY, m mood DEFAULT 'ok');",
        "data": "INSERT INTO t VALUES (1, 'sad'), (2, 'fine'), (3, NULL);", "class": "data kept",
        "up": "ALTER TABLE t ALTER COLUMN m DROP DEFAULT; ALTER TYPE mood RENAME TO mood_old;"
              "CREATE TYPE mood AS ENUM ('sad', 'ok');"
              "UPDATE t SET m = 'ok' WHERE m = 'fine';"
              "ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood; DROP TYPE mood_old;"
              "ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok';",
        "down": "ALTER TABLE t ALTER COLUMN m DROP DEFAULT; ALTER TYPE mood RENAME TO mood_new;"
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine');"
                "ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood; DROP TYPE mood_new;"
                "ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok';",
        "between": "UPDATE t SET m = 'sad' WHERE id = 2; INSERT INTO t VALUES (4);",
        "then": [("SELECT string_agg(id || coalesce(m::text, '-'), ',' ORDER BY id) FROM t",
                  "1sad,2sad,3-,4ok")]},
    "an identity column": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, n bigint GENERATED ALWAYS AS IDENTITY (START 100));",
        "data": "INSERT INTO t VALUES (1), (2), (3); DELETE FROM t WHERE id = 2;", "class": "data kept",
        "up": "ALTER TABLE t DROP COLUMN n;",
        "down": "ALTER TABLE t ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY (START 100);",
        "between": "INSERT INTO t VALUES (4);",
        "then": [("SELECT string_agg(id || '-' || n, ',' ORDER BY id) FROM t", "1-100,3-102,4-103")]},
    "a referenced column, with rows that follow": {
        "base": "CREATE TABLE a (id integer PRIMARY KEY, code text UNIQUE);"
                "CREATE TABLE b (id integer PRIMARY KEY, code text REFERENCES a (code) ON UPDATE CASCADE);",
        "data": "INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (1, 'x');", "class": "backup only",
        "up": "UPDATE a SET code = upper(code);", "down": ""},
    "a trigger that writes elsewhere": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, v text); CREATE TABLE audit (w text);"
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
                "  $$ BEGIN INSERT INTO audit VALUES (NEW.v); RETURN NULL; END $$;"
                "CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "data": "INSERT INTO t VALUES (1, 'a');", "class": "lossy", "allowed": ["audit"],
        "up": "UPDATE t SET v = 'b';", "down": ""},
    "a trigger that was off stays off": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, v text, n integer DEFAULT 0);"
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
                "  $$ BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$;"
                "CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();"
                "CREATE TRIGGER tr2 BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();"
                "ALTER TABLE t DISABLE TRIGGER tr2; ALTER TABLE t ENABLE ALWAYS TRIGGER tr;",
        "data": "INSERT INTO t VALUES (1, 'a');", "class": "data kept",
        "up": "UPDATE t SET v = 'b';", "down": ""},
    "a storage setting": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, v text); ALTER TABLE t ALTER COLUMN v SET STATISTICS 500;",
        "data": "", "class": "backup only",
        "up": "ALTER TABLE t ALTER COLUMN v SET STATISTICS 100;",
        "down": "ALTER TABLE t ALTER COLUMN v SET STATISTICS -1;"},
    "a storage setting that comes back": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, v text); ALTER TABLE t ALTER COLUMN v SET STATISTICS 500;",
        "data": "", "class": "exact",
        "up": "ALTER TABLE t ALTER COLUMN v SET STATISTICS 100; ALTER TABLE t SET (fillfactor = 70);"
              "ALTER TABLE t FORCE ROW LEVEL SECURITY;",
        "down": "ALTER TABLE t NO FORCE ROW LEVEL SECURITY; ALTER TABLE t RESET (fillfactor);"
                "ALTER TABLE t ALTER COLUMN v SET STATISTICS 500;"},
    "a function is replaced and comes back": {
        "base": "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';", "data": "",
        "class": "exact",
        "up": "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2';",
        "down": "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';"},
    "a function is replaced": {
        "base": "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';", "data": "",
        "class": "backup only",
        "up": "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2';",
        "down": "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 3';"},
    # --- lossy ---
    "the downgrade deletes": scenario(
        "lossy", "ALTER TABLE setting ADD COLUMN x text;",
        "DELETE FROM setting WHERE key = 'b'; ALTER TABLE setting DROP COLUMN x;",
        allowed=["setting"]),
    "a type is left behind": scenario(
        "exact", "CREATE TYPE left_over AS ENUM ('a'); ALTER TABLE lonely ADD COLUMN x left_over;",
        "ALTER TABLE lonely DROP COLUMN x;"),
    # --- backup only ---
    "truncate": scenario("backup only", "TRUNCATE lonely;", "", dump=True),
    "a DO block": scenario("backup only", "DO $$ BEGIN UPDATE lonely SET v = 'x'; END $$;", ""),
    "rows without a key": scenario("backup only", "UPDATE lonely SET v = 'x';", "", dump=True,
                                   between="INSERT INTO lonely VALUES ('lost', 1);"),
    "a lossy type without a key": scenario(
        "backup only", "ALTER TABLE lonely ALTER COLUMN v TYPE varchar(2) USING left(v, 2);",
        "ALTER TABLE lonely ALTER COLUMN v TYPE text;", dump=True),
    "a table with all that hangs on it": scenario(
        "backup only", "DROP TABLE customer CASCADE; DROP TYPE status CASCADE;",
        "CREATE TYPE status AS ENUM ('new', 'paid', 'void'); CREATE TABLE customer (id integer);"
        "ALTER TABLE invoice ADD COLUMN st status;", dump=True),
    "a truncated table that others refer to": scenario(
        "backup only", "TRUNCATE customer CASCADE;", "", dump=True),
    "a partition": scenario(
        "backup only", "ALTER TABLE event DETACH PARTITION event_2024; DROP TABLE event_2024;",
        "CREATE TABLE event_2024 (id integer NOT NULL, day date NOT NULL, body text);", dump=True),
    "a partitioned table": scenario("backup only", "DROP TABLE event;",
                                    "CREATE TABLE event (id integer);", dump=True),
    "a table that others refer to": {
        "base": "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (a integer REFERENCES a);",
        "data": "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);", "class": "backup only",
        "up": "DROP TABLE a CASCADE;",
        "down": "CREATE TABLE a (id integer PRIMARY KEY);"
                "ALTER TABLE b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a (id);"},
    "a unique column with a default": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 7 UNIQUE);",
        "data": "INSERT INTO t VALUES (1, 1), (2, 2);", "class": "backup only",
        "up": "ALTER TABLE t DROP COLUMN a;",
        "down": "ALTER TABLE t ADD COLUMN a integer DEFAULT 7 UNIQUE;"},
    "another policy": scenario(
        "backup only", "DROP POLICY customer_all ON customer;",
        "CREATE POLICY customer_all ON customer USING (code > 0);"),
    "another view": scenario(
        "backup only", "DROP VIEW customer_vv;",
        "CREATE VIEW customer_vv AS SELECT customer_v.id, customer_v.name AS note FROM customer_v;"
        "GRANT SELECT ON customer_vv TO PUBLIC;"),
    "privileges are forgotten": scenario(
        "backup only", "DROP VIEW customer_vv;",
        "CREATE VIEW customer_vv AS SELECT customer_v.id, customer_v.note FROM customer_v;"),
    # --- what the way down writes itself ---
    "the way down writes rows that the way up has left alone": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a boolean, n integer);",
        "data": "INSERT INTO t VALUES (1, true, 1), (2, false, 2), (3, NULL, 3);", "class": "data kept",
        "up": "UPDATE t SET a = true;", "down": "UPDATE t SET a = false;",
        "between": "UPDATE t SET a = NULL WHERE id = 1; INSERT INTO t VALUES (4, true, 4); DELETE FROM t WHERE id = 3;",
        "then": [("SELECT id, a FROM t ORDER BY 1", "1|f\n2|f\n4|f")]},
    "the way down makes a deleted row in its own way": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a text, n integer);",
        "data": "INSERT INTO t VALUES (1, 'ours', 1), (2, 'theirs', 2), (3, 'x', 3);", "class": "data kept",
        "up": "DELETE FROM t WHERE id < 3;", "down": "INSERT INTO t VALUES (1, 'as new', 0);",
        "between": "INSERT INTO t VALUES (2, 'again', 5);",
        "then": [("SELECT id, a, n FROM t ORDER BY 1", "1|ours|1\n2|again|5\n3|x|3")]},
    "the way down makes a row that was not there": {
        "base": "CREATE TABLE t (id serial PRIMARY KEY, a text, n integer);",
        "data": "INSERT INTO t VALUES (1, 'ours', 1), (3, 'x', 3);", "class": "data kept",
        "up": "DELETE FROM t WHERE a IN ('ours', 'nobody');",
        "down": "INSERT INTO t (id, a) VALUES (77, 'ours'), (78, 'nobody');",
        "between": "INSERT INTO t VALUES (90, 'late', 9);",
        "then": [("SELECT id, a, n FROM t ORDER BY 1", "1|ours|1\n3|x|3\n90|late|9")]},
    "the way down refers to rows that are not yet back": {
        "base": "CREATE TABLE kind (name text PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, kind text REFERENCES kind);",
        "data": "INSERT INTO kind VALUES ('a'), ('b'); INSERT INTO t VALUES (1, 'a'), (2, 'b');", "class": "data kept",
        "up": "ALTER TABLE t DROP CONSTRAINT t_kind_fkey; DELETE FROM kind WHERE name = 'b';",
        "down": "ALTER TABLE t ADD FOREIGN KEY (kind) REFERENCES kind (name); INSERT INTO kind VALUES ('b');",
        "between": "INSERT INTO t VALUES (3, 'a');",
        "then": [("SELECT id, kind FROM t ORDER BY 1", "1|a\n2|b\n3|a")]},
    "a check of words comes back from a dump": {
        "base": "CREATE TABLE t (v varchar, w text, CONSTRAINT one_of CHECK (v IN ('a', 'b') OR w NOT IN ('c', 'd')));",
        "data": "INSERT INTO t VALUES ('a', 'x'), ('b', 'y');", "class": "backup only",
        "up": "DELETE FROM t WHERE v = 'a';", "down": "", "dump": True},
    "rows are deleted and made again under their keys": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a text, n integer);",
        "data": "INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3);", "class": "data kept",
        "up": "DELETE FROM t; INSERT INTO t SELECT g, 'new', g * 2 FROM generate_series(2, 4) g;", "down": "",
        "between": "UPDATE t SET a = 'later' WHERE id = 3; INSERT INTO t VALUES (5, 'five', 5);",
        "then": [("SELECT id, a, n FROM t ORDER BY 1", "1|one|1\n2|two|2\n3|later|6\n5|five|5")]},
    "the way down asks for values that were not there": {
        "base": "CREATE TABLE t (id integer PRIMARY KEY, a text);",
        "data": "INSERT INTO t VALUES (1, NULL), (2, 'two');", "class": "exact",
        "up": "ALTER TABLE t ALTER COLUMN a DROP NOT NULL;",
        "down": "ALTER TABLE t ALTER COLUMN a SET NOT NULL;"},
    # --- no way back ---
    "a label": scenario("no way back", "ALTER TYPE status ADD VALUE 'late';", ""),
    "irreversible": scenario("no way back", "DROP TABLE lonely;", None,
                             header="-- irreversible = \"nobody wants it\"\n"),
    "a role": scenario("no way back", "CREATE ROLE somebody;", "DROP ROLE somebody;"),
}
