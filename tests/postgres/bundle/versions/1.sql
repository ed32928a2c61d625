-- /// retort
-- revision = "r1"
-- down_revision = false
-- message = "orders"
-- ///
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id bigint PRIMARY KEY, state state NOT NULL DEFAULT 'new', note text, price numeric(10,2));
CREATE VIEW noted AS SELECT id, note FROM orders WHERE note IS NOT NULL;
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));
-- retort: down
DROP TABLE lines;
DROP VIEW noted;
DROP TABLE orders;
DROP TYPE state;
