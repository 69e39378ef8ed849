-- The same text in plain, as PostgreSQL's own search has it: made by the benchmark in a database of
-- its own.
CREATE TABLE message (
    id uuid NOT NULL, sent_at timestamptz NOT NULL, channel uuid NOT NULL, author uuid,
    body text NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED
);

-- The same once more, a partition a month, as a record is kept that is disposed of by months.
CREATE TABLE by_month (LIKE message) PARTITION BY RANGE (sent_at);
