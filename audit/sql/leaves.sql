-- Entries become leaves, numbered in this order from `first`, and leave the queue.
WITH given AS (
    SELECT entry, place FROM unnest(%(entries)b::bigint[]) WITH ORDINALITY AS g (entry, place)
), sealed AS (
    DELETE FROM audit_unsealed u USING given WHERE u.entry_id = given.entry
)
INSERT INTO audit_leaf (number, entry_id, hash)
SELECT %(first)b::bigint + given.place - 1, e.id, e.hash
FROM given JOIN audit_entry e ON e.id = given.entry
