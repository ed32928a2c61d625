-- /// retort
-- revision = "e6a2714c0b9f"
-- down_revision = "0d9b83f6a5e4"
-- message = "search products by words"
-- created = "2026-01-13 09:58:36+00:00"
-- ///

-- retort: up
ALTER TABLE products ADD COLUMN words tsvector
    GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', description), 'B')
    ) STORED;

-- retort: transaction off
CREATE INDEX CONCURRENTLY ix_products_words ON products USING gin (words);

-- retort: down
ALTER TABLE products DROP COLUMN words;
