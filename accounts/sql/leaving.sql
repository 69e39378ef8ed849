-- Before another leaving date is written: the lock that whoever places a hold or counts from that date
-- has, too (retention/locks.py). Taken before the row, which whoever has it may wait for.
SELECT pg_advisory_xact_lock(7101)
