-- Chunks in the log that were carried out before anybody approved their disposal, or although it had
-- been withdrawn, with the number of the disposal as the entry has it.
SELECT e.id, e.uid, e.facts->>'number'
FROM audit_entry e
WHERE e.action = 'disposal.chunk_done'
  AND (NOT EXISTS (
        SELECT FROM audit_entry a
        WHERE a.subject = e.subject AND a.action = 'disposal.approved' AND a.id < e.id)
    OR EXISTS (
        SELECT FROM audit_entry a
        WHERE a.subject = e.subject AND a.action = 'disposal.withdrawn')
    OR EXISTS (
        SELECT FROM audit_entry a
        WHERE a.subject = e.subject AND a.action = 'disposal.stopped' AND a.id < e.id
          AND (e.facts->>'count')::bigint > 0))
ORDER BY e.id
