-- /// retort
-- revision = "r2"
-- down_revision = "r1"
-- message = "orders have a state"
-- ///
ALTER TABLE orders ADD COLUMN state text;
UPDATE orders SET state = 'né';
-- retort: down
ALTER TABLE orders DROP COLUMN state;
