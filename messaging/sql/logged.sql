-- What the log says of these messages, beside what their rows say in the same moment (NULL where
-- they are gone). An entry names the message as its subject (posted, edited, deleted, reacted to,
-- pinned, corrected) or among its facts (what the product itself says of a join); the items of an import or a
-- generated history name theirs. No other act writes a message. Looked up one by one: a list that the
-- planner cannot count makes it read whole tables. Facts stay text: one that was forged need not be a
-- number.
SELECT w.id, m.seq, m.changed, m.version, m.edited_at, m.deleted_at,
       t.action, t.version, t.commitment, t.actor, t.channel, t.position, t.many, t.at
FROM unnest(%(ids)b::uuid[]) AS w (id)
LEFT JOIN messaging_message m ON m.id = w.id
LEFT JOIN LATERAL (
    SELECT e.action, e.facts->>'version' AS version, e.facts->>'message_commitment' AS commitment,
           e.actor, e.facts->>'channel' AS channel,
           coalesce(e.facts->>'seq', e.facts->>'position') AS position, NULL AS many, e.at
    FROM audit_entry e
    WHERE e.subject = w.id AND e.action IN ('message.posted', 'message.edited', 'message.deleted',
                                            'message.reacted', 'message.pinned',
                                            'message.corrected')
    UNION ALL
    SELECT e.action, e.facts->>'version', e.facts->>'message_commitment', e.actor, e.subject::text,
           e.facts->>'position', NULL, e.at
    FROM audit_entry e
    WHERE (e.facts->>'message')::uuid = w.id AND e.facts ? 'message' AND e.action = ANY (%(saying)b::text[])
    UNION ALL
    SELECT e.action, i.version::text, encode(i.commitment, 'hex'), e.actor, e.facts->>'channel',
           e.facts->>'position', e.facts->>'count', e.at
    FROM audit_item i
    JOIN audit_entry e
      ON e.id = i.entry_id AND e.action IN ('messages.imported', 'messages.generated')
    WHERE i.subject = w.id
) t ON true
