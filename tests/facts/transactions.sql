-- What the scenarios of transactions.tsv are about.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN dmood AS mood;
CREATE TABLE t (id integer, m mood);
INSERT INTO t VALUES (1, 'ok');
CREATE TABLE lp (m mood) PARTITION BY LIST (m);
CREATE TABLE par (id integer PRIMARY KEY);
INSERT INTO par VALUES (1), (2);
CREATE TABLE kid (
  id integer, p integer REFERENCES par (id) DEFERRABLE INITIALLY DEFERRED, w text);
INSERT INTO kid VALUES (1, 1, 'x');
CREATE TABLE kid2 (id integer, p integer REFERENCES par (id), w text);
INSERT INTO kid2 VALUES (1, 1, 'x');
CREATE TABLE uqd (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO uqd VALUES (1);
CREATE TABLE big (id integer PRIMARY KEY, a integer);
INSERT INTO big SELECT g, g FROM generate_series(1, 100) g;
