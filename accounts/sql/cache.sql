-- What is known for some minutes: see accounts/cache.py. Unlogged, so that it is in no write-ahead
-- log; it is empty after a crash, when nobody's attempts were worth more than the restart.
CREATE UNLOGGED TABLE accounts_cache (
    key text PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
