-- What is held: every message that an open hold covers, by hold. A message that a hold covers in two
-- ways may come twice. It is read from the side of the holds: each branch begins at the few open
-- holds and goes by an index to what they cover.

-- The open holds, and the times between which what they cover was sent.
CREATE VIEW retention_openhold AS
SELECT h.number, h.by_channel, h.by_person,
       coalesce(h.since::timestamp AT TIME ZONE 'UTC', '-infinity') AS since,
       coalesce((h.until + 1)::timestamp AT TIME ZONE 'UTC', 'infinity') AS before
FROM retention_hold h WHERE h.released_at IS NULL;

CREATE VIEW retention_held AS
-- All that was sent in some days.
SELECT m.id AS message, h.number AS hold
FROM retention_openhold h
JOIN messaging_message m ON m.sent_at >= h.since AND m.sent_at < h.before
WHERE NOT h.by_channel AND NOT h.by_person
UNION ALL
-- All in some channels.
SELECT m.id, h.number
FROM retention_openhold h
JOIN retention_holdchannel c ON c.hold_id = h.number
JOIN messaging_message m
    ON m.channel_id = c.channel_id AND m.sent_at >= h.since AND m.sent_at < h.before
WHERE h.by_channel AND NOT h.by_person
UNION ALL
-- What some people wrote.
SELECT m.id, h.number
FROM retention_openhold h
JOIN retention_holdperson p ON p.hold_id = h.number
JOIN messaging_message m
    ON m.author_id = p.person_id AND m.sent_at >= h.since AND m.sent_at < h.before
WHERE h.by_person
  AND (NOT h.by_channel OR EXISTS (
        SELECT FROM retention_holdchannel c
        WHERE c.hold_id = h.number AND c.channel_id = m.channel_id))
UNION ALL
-- What others wrote in the direct conversations that these people were ever in.
SELECT m.id, h.number
FROM retention_openhold h
JOIN retention_holdperson p ON p.hold_id = h.number
JOIN messaging_membership s ON s.person_id = p.person_id
JOIN messaging_channel d ON d.id = s.channel_id AND d.kind = 'direct'
JOIN messaging_message m
    ON m.channel_id = d.id AND m.sent_at >= h.since AND m.sent_at < h.before
WHERE h.by_person
  AND (NOT h.by_channel OR EXISTS (
        SELECT FROM retention_holdchannel c
        WHERE c.hold_id = h.number AND c.channel_id = d.id));
