-- Every version that was ever entered is there, with its message and its key, or an item of a
-- disposal that had been approved: what is neither.
WITH written AS (
    SELECT subject AS id, facts->>'version' AS version FROM audit_entry
    WHERE action IN ('message.posted', 'message.edited')
    UNION ALL
    SELECT (facts->>'message')::uuid, facts->>'version' FROM audit_entry
    WHERE facts ? 'message' AND action = ANY (%(saying)b::text[])
    UNION ALL
    SELECT i.subject, i.version::text FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
    WHERE e.action IN ('messages.imported', 'messages.generated')
), disposed AS (
    SELECT i.subject AS id, i.version::text FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
    WHERE e.action = 'disposal.chunk_done'
      AND EXISTS (
        SELECT FROM audit_entry a
        WHERE a.subject = e.subject AND a.action = 'disposal.approved' AND a.id < e.id)
      AND NOT EXISTS (
        SELECT FROM audit_entry a
        WHERE a.subject = e.subject AND a.action = 'disposal.withdrawn')
    UNION ALL
    -- What a restore had brought back, and destroyed again before it was declared.
    SELECT i.subject, i.version::text FROM audit_item i JOIN audit_entry e ON e.id = i.entry_id
    WHERE e.action = 'disposal.replayed'
      AND EXISTS (SELECT FROM audit_entry r WHERE r.action = 'log.restored' AND r.id > e.id)
)
SELECT w.id, w.version FROM written w
WHERE NOT EXISTS (
        SELECT FROM messaging_messageversion v
        JOIN messaging_message m ON m.id = v.message_id
        JOIN messaging_contentkey k ON k.id = v.key_id
        WHERE v.message_id = w.id AND v.number::text = w.version)
  -- Disposals of before items named versions named messages, as version 0.
  AND NOT EXISTS (SELECT FROM disposed d WHERE d.id = w.id AND d.version IN ('0', w.version))
