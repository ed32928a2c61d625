-- /// retort
-- revision = "r2"
-- down_revision = "r1"
-- ///
CREATE UNIQUE INDEX CONCURRENTLY orders_key ON orders (id);
ALTER TABLE orders ADD CONSTRAINT orders_key PRIMARY KEY USING INDEX orders_key;
CREATE INDEX CONCURRENTLY ix_note ON orders (lower(note));
DROP INDEX CONCURRENTLY ix_old;
-- retort: down
CREATE INDEX CONCURRENTLY ix_old ON old (id);
DROP INDEX CONCURRENTLY ix_note;
ALTER TABLE orders DROP CONSTRAINT orders_key, ALTER COLUMN id DROP NOT NULL;
ALTER TABLE orders ALTER COLUMN id SET NOT NULL;
