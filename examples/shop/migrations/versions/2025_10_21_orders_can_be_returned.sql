-- /// retort
-- revision = "47d0c6e2f81b"
-- down_revision = "b15e7a40d9c3"
-- message = "orders can be returned"
-- created = "2025-10-21 13:37:20+00:00"
-- irreversible = "PostgreSQL cannot take a value out of an enum"
-- ///

-- retort: up
-- A value that a transaction adds cannot be used before that transaction ends.
-- retort: transaction off
ALTER TYPE order_status ADD VALUE 'returned' AFTER 'shipped';
