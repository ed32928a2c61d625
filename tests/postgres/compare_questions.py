#!/usr/bin/python3
"""Asks a server and retort the same questions about the same schema: behind with_server.sh.

One revision makes the schema, the next one asks a question and prints its rows as a statement. A question that retort does not answer is listed, one that it answers otherwise fails.
"""
import json
import os
import subprocess
import sys
import tempfile

import psycopg2

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE SCHEMA audit;
CREATE TABLE person (id serial PRIMARY KEY, name varchar(40) NOT NULL, feeling mood,
  born timestamptz, rank numeric(8, 2) DEFAULT 1, tags text[], UNIQUE (name));
CREATE TABLE pet (id bigint PRIMARY KEY, owner_id integer REFERENCES person (id) ON DELETE CASCADE,
  age integer CHECK (age > 0));
CREATE TABLE audit.log (at date);
CREATE INDEX pet_age ON pet (age);
CREATE UNIQUE INDEX person_born ON person (born) WHERE born IS NOT NULL;
CREATE VIEW old_pets AS SELECT id FROM pet WHERE age > 9;
CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM pet;
CREATE SEQUENCE ticket;
"""

QUESTIONS = """
SELECT 1 FROM information_schema.tables WHERE table_name = 'person'
SELECT 1 FROM information_schema.tables WHERE table_name = 'nobody'
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name
SELECT table_type FROM information_schema.tables WHERE table_name = 'old_pets'
SELECT count(*) FROM information_schema.tables WHERE table_schema = 'audit'
SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'pet')
SELECT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'pet' AND column_name = 'age')
SELECT NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'pet' AND column_name = 'name')
SELECT data_type FROM information_schema.columns WHERE table_name = 'person' AND column_name = 'tags'
SELECT data_type, udt_name FROM information_schema.columns WHERE table_name = 'person' AND column_name = 'feeling'
SELECT data_type, is_nullable, character_maximum_length FROM information_schema.columns WHERE table_name = 'person' AND column_name = 'name'
SELECT data_type FROM information_schema.columns WHERE table_name = 'person' AND column_name = 'born'
SELECT column_name FROM information_schema.columns WHERE table_name = 'person' AND table_schema = 'public' ORDER BY column_name
SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'pet' AND constraint_type = 'FOREIGN KEY'
SELECT count(*) FROM information_schema.table_constraints WHERE table_name = 'pet' AND constraint_type = 'CHECK'
SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'person' AND constraint_type = 'UNIQUE'
SELECT tc.constraint_name FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name WHERE tc.table_name = 'pet' AND kcu.column_name = 'owner_id'
SELECT delete_rule FROM information_schema.referential_constraints WHERE constraint_name = 'pet_owner_id_fkey'
SELECT table_name FROM information_schema.constraint_column_usage WHERE constraint_name = 'pet_owner_id_fkey'
SELECT indexname FROM pg_indexes WHERE tablename = 'pet' ORDER BY indexname
SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND indexname = 'nope'
SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'pet_age' AND n.nspname = 'public' AND c.relkind = 'i')
SELECT relkind FROM pg_class WHERE relname = 'counts'
SELECT i.indisunique, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'person_born'
SELECT conname FROM pg_constraint WHERE conrelid = 'pet'::regclass AND contype = 'c'
SELECT conname FROM pg_constraint WHERE conrelid = 'pet'::regclass AND contype IN ('p', 'f') ORDER BY conname
SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = 'person_name_key'
SELECT 1 FROM pg_constraint WHERE conname LIKE 'zz%' AND conrelid = 'pet'::regclass
SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood' ORDER BY enumlabel
SELECT 1 FROM pg_type WHERE typname = 'mood'
SELECT 1 FROM pg_type WHERE typname = 'weather'
SELECT typtype FROM pg_type WHERE typname = 'positive'
SELECT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'ok' AND enumtypid = 'mood'::regtype)
SELECT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'ok' AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'mood'))
SELECT attname FROM pg_attribute WHERE attrelid = 'pet'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname
SELECT attnotnull FROM pg_attribute WHERE attrelid = 'person'::regclass AND attname = 'name'
SELECT to_regclass('public.pet') IS NOT NULL
SELECT to_regclass('nope')
SELECT to_regtype('mood') IS NULL
SELECT current_schema()
SELECT nspname FROM pg_namespace WHERE nspname = 'audit'
SELECT extname FROM pg_extension
SELECT 1 FROM pg_extension WHERE extname = 'citext'
SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'lower')
SELECT sequencename FROM pg_sequences ORDER BY sequencename
SELECT 1 FROM pg_views WHERE viewname = 'old_pets'
SELECT 1 FROM pg_tables WHERE schemaname = 'audit' AND tablename = 'log'
SELECT matviewname FROM pg_matviews
SELECT count(*) > 0 FROM pg_class WHERE relname = 'pet'
SELECT bool_or(relkind = 'r') FROM pg_class WHERE relname IN ('pet', 'person')
SELECT 1 FROM pg_trigger WHERE tgname = 'audit_pet'
SELECT table_name FROM information_schema.columns WHERE column_name = ANY(ARRAY['owner_id', 'tags']) ORDER BY table_name
SELECT oid FROM pg_class WHERE relname = 'pet'
"""

REVISION = '''import sqlalchemy as sa
from alembic import op
revision = "{id}"
down_revision = {down!r}
QUESTION = {question!r}
def upgrade():
    rows = op.get_bind().execute(sa.text(QUESTION)).fetchall()
    op.execute("SELECT " + " || ".join(["'>'"] + ["'" + str(tuple(r)).replace("'", "''") + "'" for r in rows]))
def downgrade():
    pass
'''


def compiled(question):
    """What retort makes of a revision that asks; alone, since a hole would blur the next one."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/0.sql", "w") as file:
            file.write('-- /// retort\n-- revision = "q0"\n-- down_revision = false\n-- ///\n' + SCHEMA)
        with open(f"{folder}/1.py", "w") as file:
            file.write(REVISION.format(id="q1", down="q0", question=question.replace(":", "\\:")))
        rows = subprocess.run(
            [os.environ.get("RETORT", "retort"), "--versions", folder, "compile", "--allow-holes"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    bodies = [json.loads(line) for line in rows.splitlines()]
    return next(row for row in bodies if (row["revision"], row["direction"]) == ("q1", "upgrade"))


def main():
    questions = QUESTIONS.strip().splitlines()
    server = psycopg2.connect("")
    server.autocommit = True
    cursor = server.cursor()
    cursor.execute(SCHEMA)
    wrong = open_questions = 0
    for question in questions:
        body = compiled(question)
        cursor.execute(question)
        parts = ["'>'"] + ["'" + str(r).replace("'", "''") + "'" for r in cursor.fetchall()]
        expected = "SELECT " + " || ".join(parts)
        if not body["ok"]:
            open_questions += 1
            print("not answered:", question)
        elif [s["sql"] for s in body["statements"]] != [expected]:
            wrong += 1
            print("wrong:", question, "\n  server:", expected, "\n  retort:", body["sql"].strip())
    print(f"{len(questions)} questions, {open_questions} not answered, {wrong} wrong")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
