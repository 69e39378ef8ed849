-- Of each certificate that no other stands in place of: when it was first seen that the copies of
-- the keyring from before it were gone from every place that got one; NULL so far. Of a place that
-- two people have declared lost nothing is to be seen, until a backup looks into it again.
WITH waiting AS (
    SELECT c.number, c.issued_at FROM retention_certificate c
    WHERE c.supersedes_id IS NULL
      AND NOT EXISTS (SELECT FROM retention_certificate l WHERE l.supersedes_id = c.number)
), lost AS (
    SELECT p.uid FROM retention_keyringplace p
    WHERE EXISTS (
        SELECT FROM retention_placeloss l
        WHERE l.place_id = p.uid AND l.state = 'approved' AND l.found_at IS NULL
          AND (p.looked_at IS NULL OR p.looked_at < l.decided_at))
), unseen AS (
    SELECT FROM retention_keyringplace p
    WHERE p.looked_at IS NULL AND p.uid NOT IN (SELECT uid FROM lost)
)
SELECT w.number,
       CASE WHEN bool_and(e.at IS NOT NULL) AND NOT EXISTS (SELECT FROM unseen)
            THEN max(e.at) END
FROM waiting w
CROSS JOIN LATERAL (
    SELECT min(c.at) AS at FROM retention_copiesended c WHERE c.before >= w.issued_at
    UNION ALL
    SELECT (SELECT min(c.at) FROM retention_copiesended c
            WHERE c.place = k.place AND c.before > k.last)
    FROM (
        SELECT k.place, max(k.at) AS last FROM retention_keyringcopy k
        WHERE k.at <= w.issued_at AND k.place NOT IN (SELECT uid FROM lost)
        GROUP BY k.place
    ) k
) e
GROUP BY w.number
ORDER BY w.number
