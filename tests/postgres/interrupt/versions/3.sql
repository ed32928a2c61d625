-- /// retort
-- revision = "r3"
-- down_revision = "r2"
-- ///
ALTER TYPE state ADD VALUE 'refunded';
UPDATE orders SET state = 'refunded' WHERE id % 10 = 0;
SET work_mem = '8MB';
ALTER TABLE orders ADD CONSTRAINT noted CHECK (note <> '') NOT VALID;
REINDEX INDEX CONCURRENTLY ix_note;
ALTER TABLE parts DETACH PARTITION parts_2025 CONCURRENTLY;
VACUUM orders;
ALTER TABLE orders VALIDATE CONSTRAINT noted;
ALTER TABLE orders ADD COLUMN memory text DEFAULT current_setting('work_mem');
-- retort: down
ALTER TABLE orders DROP COLUMN memory, DROP CONSTRAINT noted;
ALTER TABLE parts ATTACH PARTITION parts_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
UPDATE orders SET state = 'paid' WHERE state = 'refunded';
