-- What the rows of versions.jsonl are about.
CREATE TABLE p (id integer PRIMARY KEY, x integer);
INSERT INTO p SELECT g, g FROM generate_series(1, 600) g;
CREATE TABLE t (
  id integer PRIMARY KEY,
  a integer,
  b text,
  big bigint,
  v10 varchar(10),
  v20 varchar(20),
  n numeric(10,2),
  nu numeric,
  ts timestamp,
  tz timestamptz,
  ts3 timestamp(3),
  iv interval(3),
  j json,
  c5 char(5),
  cd cidr,
  u uuid,
  vb varbit(8)
);
INSERT INTO t
SELECT g, g, 'b' || g, g, 'a', 'a', 1, 1, now(), now(), now(), '1 s', '{}', 'a', '10.0.0.0/8',
       '00000000-0000-0000-0000-000000000001', B'1'
FROM generate_series(1, 500) g;
-- Whose it is so far decides what ALTER TABLE … OWNER locks.
ALTER TABLE t OWNER TO postgres;
