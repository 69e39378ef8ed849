-- These lines are outside, each at its place.
UPDATE audit_journalline j
SET line = s.line, digest = s.digest, shipped_at = %(at)b::timestamptz
FROM unnest(%(uids)b::uuid[], %(lines)b::bigint[], %(digests)b::bytea[]) AS s (uid, line, digest)
WHERE j.uid = s.uid
