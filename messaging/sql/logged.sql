-- What the log says of the versions of these messages. An entry names the message as its subject
-- (posted, edited) or among its facts (a join); the items of an import or a generated history name
-- theirs. Looked up one by one: a list that the planner cannot count makes it read whole tables.
SELECT e.subject, (e.facts->>'version')::int, e.facts->>'message_commitment'
FROM unnest(%(ids)b::uuid[]) AS w (id)
JOIN audit_entry e ON e.subject = w.id AND e.action IN ('message.posted', 'message.edited')
UNION ALL
SELECT w.id, (e.facts->>'version')::int, e.facts->>'message_commitment'
FROM unnest(%(ids)b::uuid[]) AS w (id)
JOIN audit_entry e ON (e.facts->>'message')::uuid = w.id AND e.facts ? 'message'
WHERE e.facts ? 'message_commitment' AND e.action <> 'concern.raised'
UNION ALL
SELECT i.subject, i.version, encode(i.commitment, 'hex')
FROM unnest(%(ids)b::uuid[]) AS w (id)
JOIN audit_item i ON i.subject = w.id
JOIN audit_entry e ON e.id = i.entry_id AND e.action IN ('messages.imported', 'messages.generated')
