-- Leaves in their order with the entries that they were made of, as the entries stand now.
SELECT l.number, l.hash, l.entry_id, e.hash, e.uid::text,
       to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
       e.action, e.actor::text, e.subject::text, e.facts::text
FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id
WHERE l.number >= %(since)b::bigint AND l.number < %(until)b::bigint
ORDER BY l.number
