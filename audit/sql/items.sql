-- The items of an entry, numbered in the order in which they are given.
INSERT INTO audit_item (entry_id, index, subject, version, commitment)
SELECT %(entry)b::bigint, place - 1, subject, version, commitment
FROM unnest(%(subjects)b::uuid[], %(versions)b::int[], %(commitments)b::bytea[])
    WITH ORDINALITY AS i (subject, version, commitment, place)
ORDER BY place
