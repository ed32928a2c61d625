-- /// retort
-- revision = "r1"
-- down_revision = false
-- message = "orders"
-- ///
CREATE TABLE orders (id bigint PRIMARY KEY, name text);
INSERT INTO orders SELECT g, 'née ' || g FROM generate_series(1, 100) g;
-- retort: down
DROP TABLE orders;
