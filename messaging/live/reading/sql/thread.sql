-- For a member: whether the message is in the channel, and its thread: the topmost message that it
-- answers, directly or by others, as far up as the conversation still has them, and all answers below
-- that one, in page order. For anybody else no row. (UNION, not UNION ALL: what answers itself in a
-- circle, which no service writes, comes to an end as well.)
WITH RECURSIVE place AS (
    SELECT m.channel_id, y.id, y.reply_to
    FROM messaging_membership m
    JOIN accounts_user u ON u.id = m.person_id AND u.is_active
    LEFT JOIN messaging_message y
        ON y.id = %(message)b::uuid AND y.channel_id = m.channel_id AND NOT y.out_of_view
    WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid
      AND m.left_at IS NULL
), above AS (
    SELECT id, reply_to FROM place WHERE id IS NOT NULL
    UNION
    SELECT y.id, y.reply_to
    FROM above a
    JOIN messaging_message y ON y.id = a.reply_to
    WHERE y.channel_id = %(channel)b::uuid AND NOT y.out_of_view
), below AS (
    SELECT a.id FROM above a
    WHERE NOT EXISTS (SELECT FROM above o WHERE o.id = a.reply_to)
    UNION
    SELECT y.id
    FROM below b
    JOIN messaging_message y ON y.reply_to = b.id
    WHERE y.channel_id = %(channel)b::uuid AND NOT y.out_of_view
)
SELECT place.id, {row}
FROM place
LEFT JOIN LATERAL (
    SELECT y.* FROM below b JOIN messaging_message y ON y.id = b.id
    ORDER BY y.sent_at, y.id LIMIT %(limit)b::bigint) x ON true
{sealed}
ORDER BY x.sent_at, x.id
