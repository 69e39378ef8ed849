-- Entries become leaves, numbered in this order from `first`; all that are `done` leave the queue.
WITH sealed AS (
    DELETE FROM audit_unsealed WHERE entry_id = ANY (%(done)b::bigint[])
)
INSERT INTO audit_leaf (number, entry_id, hash)
SELECT %(first)b::bigint + given.place - 1, e.id, e.hash
FROM unnest(%(entries)b::bigint[]) WITH ORDINALITY AS given (entry, place)
JOIN audit_entry e ON e.id = given.entry
