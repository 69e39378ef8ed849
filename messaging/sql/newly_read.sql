-- Of read positions that have just moved: who has read whose messages, and the newest of each author's
-- that was read now. Only authors who are still in the channel, and only direct channels where only
-- those count. Of a long absence the last two hundred positions are looked at.
SELECT given.person, given.channel, m.author_id, max(m.seq)
FROM unnest(%(people)b::uuid[], %(channels)b::uuid[], %(formers)b::bigint[], %(seqs)b::bigint[])
     AS given (person, channel, former, seq)
JOIN messaging_channel c ON c.id = given.channel
JOIN messaging_message m
     ON m.channel_id = given.channel
     AND m.seq > greatest(given.former, given.seq - 200) AND m.seq <= given.seq
JOIN messaging_membership a
     ON a.channel_id = given.channel AND a.person_id = m.author_id AND a.left_at IS NULL
WHERE m.author_id <> given.person AND m.kind = 'text' AND m.deleted_at IS NULL AND NOT m.out_of_view
  AND (c.kind = 'direct' OR NOT %(only_direct)b::boolean)
GROUP BY given.person, given.channel, m.author_id
