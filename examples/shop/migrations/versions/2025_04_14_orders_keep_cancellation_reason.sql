-- /// retort
-- revision = "5a0f3c8be217"
-- down_revision = "1e94d7a6c082"
-- message = "orders: keep the reason of a cancellation"
-- created = "2025-04-14 10:30:08+00:00"
-- ///

-- retort: up
ALTER TABLE orders ADD COLUMN cancel_reason text;

COMMENT ON COLUMN orders.cancel_reason IS 'As the customer worded it; empty for cancellations by staff.';

-- retort: transaction off
CREATE INDEX CONCURRENTLY ix_orders_cancelled_at ON orders (cancelled_at) WHERE cancelled_at IS NOT NULL;

-- retort: down
-- retort: transaction off
DROP INDEX CONCURRENTLY ix_orders_cancelled_at;

-- retort: transaction on
ALTER TABLE orders DROP COLUMN cancel_reason;
