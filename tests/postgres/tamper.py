#!/usr/bin/python3
"""Tampers with every object of a database in turn: tamper.py DATABASE VERIFY.sql [-v]

Each change is made in a transaction, the script is run behind it in the same one, and all is taken
back. The script must fail with RT004 and name the object. Prints how many changes of each kind were
seen, and those that were not.
"""

import collections
import re
import sys

sys.dont_write_bytecode = True

import psycopg2  # noqa: E402

SCHEMAS = "('pg_catalog', 'information_schema', 'pg_toast')"
# A kind of change, and a query for the statements that make it, each with the name that the script
# must say.
CHANGES = {
    "column dropped": """
        SELECT format('ALTER TABLE %I.%I DROP COLUMN %I CASCADE', nspname, relname, attname),
               concat_ws('.', nspname, relname, attname) FROM columns""",
    "column renamed": """
        SELECT format('ALTER TABLE %I.%I RENAME %I TO retort_other', nspname, relname, attname),
               concat_ws('.', nspname, relname, attname) FROM columns""",
    "type changed": """
        SELECT format('UPDATE pg_attribute SET atttypid = 2277 WHERE attrelid = %s AND attnum = %s', attrelid, attnum),
               concat_ws('.', nspname, relname, attname) FROM columns""",
    "length changed": """
        SELECT format('UPDATE pg_attribute SET atttypmod = 99 WHERE attrelid = %s AND attnum = %s', attrelid, attnum),
               concat_ws('.', nspname, relname, attname) FROM columns
        WHERE atttypid IN ('varchar'::regtype, 'bpchar'::regtype)""",
    "not null turned": """
        SELECT format('UPDATE pg_attribute SET attnotnull = NOT attnotnull WHERE attrelid = %s AND attnum = %s', attrelid, attnum),
               concat_ws('.', nspname, relname, attname) FROM columns""",
    "default dropped": """
        SELECT format('ALTER TABLE %I.%I ALTER %I DROP DEFAULT', nspname, relname, attname),
               concat_ws('.', nspname, relname, attname) FROM columns WHERE atthasdef AND attgenerated = ''""",
    "default added": """
        SELECT format('ALTER TABLE %I.%I ALTER %I SET DEFAULT (ARRAY[NULL])[1]', nspname, relname, attname),
               concat_ws('.', nspname, relname, attname) FROM columns WHERE NOT atthasdef AND attidentity = ''
               AND atttypid = 'text'::regtype""",
    "literal default changed": """
        SELECT format('ALTER TABLE %I.%I ALTER %I SET DEFAULT %s', nspname, relname, attname,
                      CASE typcategory WHEN 'N' THEN '77' WHEN 'B' THEN 'NOT ' || given ELSE $$'retort'$$ END),
               concat_ws('.', nspname, relname, attname)
        FROM (SELECT *, pg_get_expr(adbin, adrelid) AS given FROM columns
              JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum) q
        JOIN pg_type t ON t.oid = atttypid
        WHERE attgenerated = '' AND typtype <> 'e' AND typcategory IN ('N', 'B', 'S')
          AND given ~ $re$^(-?[0-9.]+|true|false|'[^']*'(::[a-z ]+)?)$$re$""",
    "identity dropped": """
        SELECT format('ALTER TABLE %I.%I ALTER %I DROP IDENTITY', nspname, relname, attname),
               concat_ws('.', nspname, relname, attname) FROM columns WHERE attidentity <> ''""",
    "table renamed": """
        SELECT DISTINCT format('ALTER TABLE %I.%I RENAME TO retort_other', nspname, relname),
               nspname || '.' || relname FROM columns""",
    "constraint renamed": """
        SELECT format('ALTER TABLE %I.%I RENAME CONSTRAINT %I TO retort_other', nspname, relname, conname),
               concat_ws('.', nspname, relname, conname) FROM constraints""",
    "constraint not valid": """
        SELECT format('UPDATE pg_constraint SET convalidated = NOT convalidated WHERE oid = %s', oid),
               concat_ws('.', nspname, relname, conname) FROM constraints WHERE contype IN ('c', 'f')""",
    "constraint deferrable": """
        SELECT format('UPDATE pg_constraint SET condeferrable = NOT condeferrable WHERE oid = %s', oid),
               concat_ws('.', nspname, relname, conname) FROM constraints WHERE contype IN ('p', 'u', 'f')""",
    "foreign key cascades": """
        SELECT format('UPDATE pg_constraint SET confdeltype = CASE confdeltype WHEN ''c'' THEN ''n'' ELSE ''c'' END WHERE oid = %s', oid),
               concat_ws('.', nspname, relname, conname) FROM constraints WHERE contype = 'f'""",
    "index renamed": """
        SELECT format('ALTER INDEX %I.%I RENAME TO retort_other', nspname, indname),
               concat_ws('.', nspname, relname, indname) FROM indexes""",
    "index invalid": """
        SELECT format('UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s', indexrelid),
               concat_ws('.', nspname, relname, indname) FROM indexes""",
    "index not ready": """
        SELECT format('UPDATE pg_index SET indisready = false WHERE indexrelid = %s', indexrelid),
               concat_ws('.', nspname, relname, indname) FROM indexes""",
    "index unique or not": """
        SELECT format('UPDATE pg_index SET indisunique = NOT indisunique WHERE indexrelid = %s', indexrelid),
               concat_ws('.', nspname, relname, indname) FROM indexes WHERE NOT indisprimary""",
    "index on another column": """
        SELECT format('UPDATE pg_index SET indkey = ''%s'' WHERE indexrelid = %s',
                      CASE WHEN indkey[0] = 1 THEN 0 ELSE 1 END || substr(indkey::text, length(indkey[0]::text) + 1), indexrelid),
               concat_ws('.', nspname, relname, indname) FROM indexes""",
    "enum label added": """
        SELECT format('INSERT INTO pg_enum VALUES (999999, %s, -1, ''retort'')', oid), nspname || '.' || typname FROM enums""",
    "enum label renamed": """
        SELECT format('UPDATE pg_enum SET enumlabel = ''retort'' WHERE enumtypid = %s AND enumsortorder = 1', oid),
               nspname || '.' || typname FROM enums WHERE labels > 0""",
    "enum labels in another order": """
        SELECT format('UPDATE pg_enum SET enumsortorder = -enumsortorder WHERE enumtypid = %s', oid),
               nspname || '.' || typname FROM enums WHERE labels > 1""",
    "view renamed": """
        SELECT format('ALTER TABLE %I.%I RENAME TO retort_other', nspname, relname), nspname || '.' || relname
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind IN ('v', 'm') AND nspname NOT IN SYSTEM""",
    "sequence changed": """
        SELECT format('UPDATE pg_sequence SET seqincrement = 7 WHERE seqrelid = %s', seqrelid),
               nspname || '.' || relname
        FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid JOIN pg_namespace n ON n.oid = relnamespace""",
    "function renamed": """
        SELECT format('UPDATE pg_proc SET proname = ''retort_other'' WHERE oid = %s', p.oid), nspname || '.' || proname
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname NOT IN SYSTEM
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype IN ('e', 'i'))""",
    "trigger dropped": """
        SELECT format('DROP TRIGGER %I ON %I.%I', tgname, nspname, relname), concat_ws('.', nspname, relname, tgname)
        FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
        WHERE NOT tgisinternal AND tgparentid = 0""",
    "domain null or not": """
        SELECT format('UPDATE pg_type SET typnotnull = NOT typnotnull WHERE oid = %s', t.oid), nspname || '.' || typname
        FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typtype = 'd' AND nspname NOT IN SYSTEM""",
    "row security turned": """
        SELECT DISTINCT format('UPDATE pg_class SET relrowsecurity = NOT relrowsecurity WHERE oid = %s', attrelid),
               nspname || '.' || relname FROM columns""",
    "version row added": "SELECT 'INSERT INTO alembic_version VALUES (''retort'')', 'version rows: expected'",
    "version row dropped": "SELECT 'DELETE FROM alembic_version', 'version rows: expected'",
}
COMMON = """
    WITH columns AS (
      SELECT a.*, nspname, relname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
      JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind IN ('r', 'p') AND nspname NOT IN SYSTEM AND attnum > 0 AND NOT attisdropped
        AND attinhcount = 0 AND relname <> 'alembic_version'),
    constraints AS (
      SELECT o.*, nspname, relname FROM pg_constraint o JOIN pg_class c ON c.oid = conrelid
      JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname NOT IN SYSTEM
        AND conparentid = 0 AND coninhcount = 0 AND contype IN ('p', 'u', 'c', 'f', 'x') AND relname <> 'alembic_version'),
    indexes AS (
      SELECT i.*, nspname, c.relname, x.relname AS indname FROM pg_index i JOIN pg_class c ON c.oid = indrelid
      JOIN pg_class x ON x.oid = indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE nspname NOT IN SYSTEM AND NOT x.relispartition AND c.relname <> 'alembic_version'),
    enums AS (
      SELECT t.oid, nspname, typname, (SELECT count(*) FROM pg_enum WHERE enumtypid = t.oid) AS labels
      FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
      WHERE typtype = 'e' AND nspname NOT IN SYSTEM)
"""


def main():
    database, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as file:
        script = re.sub(r"^(BEGIN TRANSACTION READ ONLY|COMMIT);$", "", file.read(), flags=re.M)
    connection = psycopg2.connect(dbname=database)
    cursor = connection.cursor()
    cursor.execute("SET allow_system_table_mods = on; SET lock_timeout = '5s'")
    connection.commit()
    seen, missed = collections.Counter(), []
    for kind, query in CHANGES.items():
        cursor.execute((COMMON + query).replace("SYSTEM", SCHEMAS))
        changes = sorted(cursor.fetchall())
        connection.rollback()
        for statement, name in changes:
            cursor.execute("SET LOCAL allow_system_table_mods = on")
            try:
                cursor.execute(statement)
            except psycopg2.Error as error:
                connection.rollback()
                if "-v" in sys.argv:
                    print(f"not made: {statement}: {error.diag.message_primary}")
                continue
            try:
                cursor.execute(script)
                missed.append(f"{kind}: not seen: {statement}")
            except psycopg2.Error as error:
                if error.pgcode != "RT004" or name not in error.diag.message_primary:
                    missed.append(f"{kind}: {statement}: {error.pgcode} {error.diag.message_primary}")
                else:
                    seen[kind] += 1
            connection.rollback()
    for kind, count in seen.items():
        print(f"{count:5} {kind}")
    print("\n".join(missed + [f"{sum(seen.values())} changes seen, {len(missed)} missed"]))
    return 1 if missed else 0


sys.exit(main())
