-- What an objection had emptied before that was written down; the last one that was upheld ended it. A
-- second later, since the entry of that decision, which everybody sees, was written after it.
UPDATE retention_disposal d SET emptied_at = o.decided_at + interval '1 second', emptied_by_id = o.decided_by_id
FROM (SELECT DISTINCT ON (x.disposal_id) x.disposal_id, x.decided_at, x.decided_by_id
      FROM retention_objection x WHERE x.upheld ORDER BY x.disposal_id, x.decided_at DESC) o
WHERE o.disposal_id = d.number AND d.due = 0 AND EXISTS (
    SELECT FROM retention_exclusion e WHERE e.disposal_id = d.number AND e.reason = 'objection')
