-- Reactions and pins as they stand, against what the log says last of each: what is there and was
-- never given or was taken back, and what was given and is not there. An emoji stands in the log by its
-- code points.
WITH reacted AS (
    SELECT DISTINCT ON (e.subject, e.actor, e.facts->>'emoji')
           e.subject AS message, e.actor, e.facts->>'emoji' AS emoji, e.facts->>'on' = 'true' AS given
    FROM audit_entry e WHERE e.action = 'message.reacted'
    ORDER BY e.subject, e.actor, e.facts->>'emoji', e.id DESC
), there AS (
    SELECT r.message_id AS message, r.person_id AS actor,
           (SELECT string_agg(to_hex(ascii(c.one)), '-' ORDER BY c.place)
            FROM unnest(string_to_array(r.emoji, NULL)) WITH ORDINALITY AS c (one, place)) AS emoji
    FROM messaging_reaction r
), pinned AS (
    SELECT DISTINCT ON (e.subject) e.subject AS message, e.facts->>'on' = 'true' AS given
    FROM audit_entry e WHERE e.action = 'message.pinned'
    ORDER BY e.subject, e.id DESC
)
SELECT m.id, 'A reaction', t.message IS NOT NULL
FROM there t
FULL JOIN reacted l ON l.message = t.message AND l.actor = t.actor AND l.emoji = t.emoji
JOIN messaging_message m ON m.id = coalesce(t.message, l.message)
WHERE (t.message IS NOT NULL) <> coalesce(l.given, false)
UNION ALL
SELECT m.id, 'The pin', p.message_id IS NOT NULL
FROM messaging_pin p
FULL JOIN pinned l ON l.message = p.message_id
JOIN messaging_message m ON m.id = coalesce(p.message_id, l.message)
WHERE (p.message_id IS NOT NULL) <> coalesce(l.given, false)
