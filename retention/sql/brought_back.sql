-- Versions that were disposed of and are there again, with the number of their disposal.
SELECT v.message_id, v.number, e.facts->>'number'
FROM audit_item i
JOIN audit_entry e ON e.id = i.entry_id AND e.action IN ('disposal.chunk_done', 'disposal.replayed')
JOIN messaging_messageversion v ON v.message_id = i.subject AND i.version IN (0, v.number)
ORDER BY 1, 2
