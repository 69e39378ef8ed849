-- What a row says of itself against the log: deleted or not, and which version is the present one.
-- (Invented histories are written with their deletions in them, under one entry.)
WITH deleted AS (SELECT DISTINCT subject AS id FROM audit_entry WHERE action = 'message.deleted'),
     invented AS (
        SELECT i.subject AS id FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
        WHERE e.action = 'messages.generated')
SELECT m.id, 'deleted', 'not' FROM messaging_message m
WHERE m.deleted_at IS NOT NULL AND NOT EXISTS (SELECT FROM deleted d WHERE d.id = m.id)
  AND NOT EXISTS (SELECT FROM invented i WHERE i.id = m.id)
UNION ALL
SELECT m.id, 'not deleted', 'deleted' FROM messaging_message m JOIN deleted d ON d.id = m.id
WHERE m.deleted_at IS NULL
UNION ALL
SELECT m.id, 'version ' || m.version, 'version ' || coalesce(v.newest::text, 'none')
FROM messaging_message m
LEFT JOIN (SELECT message_id, max(number) AS newest FROM messaging_messageversion GROUP BY 1) v
  ON v.message_id = m.id
WHERE m.version IS DISTINCT FROM v.newest
