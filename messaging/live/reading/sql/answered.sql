-- For a member: the channel, and which of these messages are in it. For anybody else no row.
SELECT m.channel_id, {row}
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
LEFT JOIN LATERAL (
    SELECT * FROM messaging_message y
    WHERE y.id = ANY (%(messages)b::uuid[]) AND y.channel_id = m.channel_id
      AND NOT y.out_of_view) x ON true
{sealed}
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid AND m.left_at IS NULL
