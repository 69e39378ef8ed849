-- Read positions of many people moved forward, never back and never beyond the channel's head, for
-- those who are in the channel. Rows are locked in the order of their ids, so that two processes
-- that write for the same people do not wait in a circle. Says which moved, from where and to where.
WITH moving AS MATERIALIZED (
    SELECT m.id, m.read_seq AS former, least(given.seq, c.head) AS seq
    FROM unnest(%(people)b::uuid[], %(channels)b::uuid[], %(seqs)b::bigint[])
         AS given (person, channel, seq)
    JOIN messaging_channel c ON c.id = given.channel
    JOIN messaging_membership m
         ON m.person_id = given.person AND m.channel_id = given.channel AND m.left_at IS NULL
    WHERE m.read_seq < least(given.seq, c.head)
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
)
UPDATE messaging_membership m SET read_seq = moving.seq
FROM moving
WHERE m.id = moving.id
RETURNING m.person_id, m.channel_id, moving.former, m.read_seq
