-- Every correction that is there or was entered, of messages that are there: its row with its key, and
-- what the log says of it; either may be missing. Facts stay text: one that was forged need not be a
-- number.
WITH entered AS (
    SELECT e.subject AS message, e.facts->>'number' AS number, e.actor, e.facts->>'channel' AS channel,
           e.facts->>'reason' AS reason, e.facts->>'message_commitment' AS commitment, e.at,
           count(*) OVER (PARTITION BY e.subject, e.facts->>'number') AS times
    FROM audit_entry e WHERE e.action = 'message.corrected'
)
SELECT m.id, m.channel_id, coalesce(c.number::text, e.number), c.id, c.written_by_id, c.written_at, c.reason,
       c.sealed, k.id, k.generation, k.wrapped,
       e.times, e.actor, e.channel, e.reason, e.commitment, e.at
FROM messaging_correction c
FULL JOIN entered e ON e.message = c.message_id AND e.number = c.number::text
JOIN messaging_message m ON m.id = coalesce(c.message_id, e.message)
LEFT JOIN messaging_contentkey k ON k.id = c.key_id
ORDER BY m.id, 3
