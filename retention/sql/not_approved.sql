-- Versions that the log names as destroyed and that were not among what was approved, with the
-- number of their disposal.
SELECT i.subject, i.version, d.number
FROM audit_item i
JOIN audit_entry e ON e.id = i.entry_id AND e.action = 'disposal.chunk_done'
JOIN retention_disposal d ON d.uid = e.subject
WHERE NOT EXISTS (
    SELECT FROM retention_disposalitem x JOIN retention_disposalchunk c ON c.id = x.chunk_id
    WHERE x.message = i.subject AND c.disposal_id = d.number)
ORDER BY 1, 2
