-- /// retort
-- revision = "r2"
-- down_revision = "r1"
-- message = "find orders by state"
-- ///
CREATE INDEX CONCURRENTLY ix_state ON orders (state);
-- retort: down
DROP INDEX CONCURRENTLY ix_state;
