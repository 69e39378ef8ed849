-- The hashes of each full tile of an upper level that is not kept yet: the roots of those below it.
SELECT index / 256 AS place, string_agg(root, ''::bytea ORDER BY index)
FROM audit_tile
WHERE origin = %(origin)b::int AND level = %(below)b::int
  AND index >= %(since)b::bigint AND index < %(until)b::bigint
GROUP BY place ORDER BY place
