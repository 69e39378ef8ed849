-- One entry for each act, numbered in the order in which they are given.
INSERT INTO audit_entry (uid, at, action, actor, subject, facts, hash)
SELECT uid, %(at)b::timestamptz, action, actor, subject, facts::jsonb, hash
FROM unnest(%(uids)b::uuid[], %(actions)b::text[], %(actors)b::uuid[], %(subjects)b::uuid[],
            %(facts)b::text[], %(hashes)b::bytea[])
     WITH ORDINALITY AS e (uid, action, actor, subject, facts, hash, place)
ORDER BY place
