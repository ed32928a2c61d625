-- What the rows of versions.jsonl are about.
CREATE TABLE p (id integer PRIMARY KEY, x integer);
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
