-- For a member: the channel, and what is pinned in it, the newest pin first. For anybody else no row.
SELECT m.channel_id, {row}
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
LEFT JOIN LATERAL (
    SELECT y.*, n.id AS pin
    FROM messaging_pin n JOIN messaging_message y ON y.id = n.message_id
    WHERE n.channel_id = m.channel_id AND y.deleted_at IS NULL AND NOT y.out_of_view
    ORDER BY n.id DESC LIMIT %(limit)b::bigint) x ON true
{sealed}
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid AND m.left_at IS NULL
ORDER BY x.pin DESC
