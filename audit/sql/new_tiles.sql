-- The hashes of each tile of leaves that is full and not kept yet, in their order.
SELECT (number - %(first)b::bigint) / 256 AS place, string_agg(hash, ''::bytea ORDER BY number)
FROM audit_leaf
WHERE number >= %(since)b::bigint AND number < %(until)b::bigint
GROUP BY place ORDER BY place
