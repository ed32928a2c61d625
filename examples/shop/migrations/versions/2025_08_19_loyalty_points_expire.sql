-- /// retort
-- revision = "90c4f1b73ed5"
-- down_revision = "2b6de9f1a048"
-- message = "loyalty: points expire after two years"
-- created = "2025-08-19 09:12:44+00:00"
-- ///

-- retort: up
CREATE TABLE loyalty_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES loyalty_accounts ON DELETE CASCADE,
    points integer NOT NULL CHECK (points <> 0),
    reason text NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);

CREATE INDEX ix_loyalty_entries_customer_id ON loyalty_entries (customer_id);

INSERT INTO loyalty_entries (customer_id, points, reason, expires_at)
SELECT customer_id, points, 'balance of August 2025', now() + interval '2 years'
FROM loyalty_accounts
WHERE points > 0;

CREATE FUNCTION loyalty_balance(customer bigint) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(sum(points), 0)
    FROM loyalty_entries
    WHERE customer_id = customer AND (expires_at IS NULL OR expires_at > now());
$$;

-- retort: down
DROP FUNCTION loyalty_balance(bigint);
DROP TABLE loyalty_entries;
