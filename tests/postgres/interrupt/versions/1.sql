-- /// retort
-- revision = "r1"
-- down_revision = false
-- ///
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id bigint NOT NULL, state state NOT NULL, note text, day date NOT NULL);
INSERT INTO orders SELECT g, 'new', 'note ' || g, '2026-01-01' FROM generate_series(1, 500) g;
CREATE TABLE old (id bigint);
CREATE INDEX ix_old ON old (id);
CREATE TABLE parts (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- retort: down
DROP TABLE parts_2025, parts, old, orders;
DROP TYPE state;
