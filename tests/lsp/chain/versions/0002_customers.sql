-- /// retort
-- revision = "1a0000000002"
-- down_revision = "1a0000000001"
-- message = "customers"
-- ///

-- retort: up
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
ALTER TABLE orders ADD COLUMN customer_id bigint;

-- retort: down
ALTER TABLE orders DROP COLUMN customer_id;
DROP TABLE customers;
