-- /// retort
-- revision = "r3"
-- down_revision = "r2"
-- message = "no notes, whole prices"
-- ///
DROP VIEW noted;
ALTER TABLE orders DROP COLUMN note;
ALTER TABLE orders ALTER COLUMN price TYPE bigint USING round(price);
-- retort: down
ALTER TABLE orders ALTER COLUMN price TYPE numeric(10,2);
ALTER TABLE orders ADD COLUMN note text;
CREATE VIEW noted AS SELECT id, note FROM orders WHERE note IS NOT NULL;
