-- Versions that are items of more than one disposal.
SELECT i.subject, i.version, count(*)
FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id AND e.action IN ('disposal.chunk_done', 'disposal.replayed')
GROUP BY 1, 2 HAVING count(*) > 1
ORDER BY 1, 2
