-- The other members of a channel that this person is in, and the newest of this person's last two
-- hundred messages that each has read (null: none of them). Nobody has read what was said before they
-- came. No row: the person is not in it, or it is no direct channel where only those count.
WITH own AS MATERIALIZED (
    SELECT m.seq, m.sent_at
    FROM messaging_message m
    WHERE m.author_id = %(person)b AND m.channel_id = %(channel)b AND m.kind = 'text'
      AND m.deleted_at IS NULL AND NOT m.out_of_view
    ORDER BY m.seq DESC
    LIMIT 200
)
SELECT r.person_id,
       (SELECT max(own.seq) FROM own WHERE own.seq <= r.read_seq AND own.sent_at >= r.joined_at)
FROM messaging_membership mine
JOIN messaging_channel c ON c.id = mine.channel_id
JOIN messaging_membership r ON r.channel_id = mine.channel_id AND r.left_at IS NULL
WHERE mine.person_id = %(person)b AND mine.channel_id = %(channel)b AND mine.left_at IS NULL
  AND r.person_id <> mine.person_id
  AND (c.kind = 'direct' OR NOT %(only_direct)b::boolean)
