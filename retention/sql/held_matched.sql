-- What is held, as held.sql says of it; besides, holds by words, and matters that are open.
--
-- A hold by words holds all that its other parts cover, until what a message says has been held
-- against the words. After that it holds the messages that match. A mark says up to which change of
-- a channel its messages of a month have been, so that what enters, or is edited, is held again until
-- it has been matched itself.
CREATE OR REPLACE VIEW retention_openhold AS
SELECT h.number, h.by_channel, h.by_person,
       coalesce(h.since::timestamp AT TIME ZONE 'UTC', '-infinity') AS since,
       coalesce((h.until + 1)::timestamp AT TIME ZONE 'UTC', 'infinity') AS before,
       h.by_words
FROM retention_hold h WHERE h.released_at IS NULL;

-- What the channels, people and days of a hold have in common, whatever its words.
CREATE VIEW retention_covered AS
-- All that was sent in some days, or at all.
SELECT m.id AS message, h.number AS hold, h.by_words, m.channel_id AS channel, m.sent_at, m.changed
FROM retention_openhold h
JOIN messaging_message m ON m.sent_at >= h.since AND m.sent_at < h.before
WHERE NOT h.by_channel AND NOT h.by_person
UNION ALL
-- All in some channels.
SELECT m.id, h.number, h.by_words, m.channel_id, m.sent_at, m.changed
FROM retention_openhold h
JOIN retention_holdchannel c ON c.hold_id = h.number
JOIN messaging_message m
    ON m.channel_id = c.channel_id AND m.sent_at >= h.since AND m.sent_at < h.before
WHERE h.by_channel AND NOT h.by_person
UNION ALL
-- What some people wrote.
SELECT m.id, h.number, h.by_words, m.channel_id, m.sent_at, m.changed
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
SELECT m.id, h.number, h.by_words, m.channel_id, m.sent_at, m.changed
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

-- What a hold by words covers and what has not been held against them as it stands now.
CREATE VIEW retention_unmatched AS
SELECT c.message, c.hold, c.channel,
       date_trunc('month', c.sent_at AT TIME ZONE 'UTC')::date AS month
FROM retention_covered c
WHERE c.by_words AND NOT EXISTS (
    SELECT FROM retention_holdmark k
    WHERE k.hold_id = c.hold AND k.channel_id = c.channel AND k.upto >= c.changed
      AND k.month = date_trunc('month', c.sent_at AT TIME ZONE 'UTC')::date);

CREATE OR REPLACE VIEW retention_held AS
SELECT c.message, c.hold FROM retention_covered c WHERE NOT c.by_words
UNION ALL
SELECT u.message, u.hold FROM retention_unmatched u
UNION ALL
SELECT x.message, x.hold_id
FROM retention_holdmatch x JOIN retention_openhold h ON h.number = x.hold_id
UNION ALL
-- What a matter that is open is about. No hold of anybody's, so that no number stands for it.
SELECT x.message, NULL::bigint
FROM retention_matter t JOIN retention_mattermessage x ON x.matter_id = t.uid
WHERE t.ended_at IS NULL;

CREATE TRIGGER retention_matter_stops BEFORE INSERT ON retention_mattermessage
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
