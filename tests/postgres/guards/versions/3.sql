-- /// retort
-- revision = "r3"
-- down_revision = "r2"
-- message = "upper case"
-- ///
UPDATE orders SET name = upper(name);
-- retort: down
UPDATE orders SET name = lower(name);
