-- For a member: the channel's position and floor, and what changed after a position, first things
-- first. For anybody else no row.
SELECT c.head, c.floor, {row}
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
JOIN messaging_channel c ON c.id = m.channel_id
LEFT JOIN LATERAL (
    SELECT * FROM messaging_message y
    WHERE y.channel_id = c.id AND y.changed > %(since)b::bigint AND NOT y.out_of_view
      AND c.floor <= %(since)b::bigint
    ORDER BY y.changed LIMIT %(limit)b::bigint) x ON true
{sealed}
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid AND m.left_at IS NULL
ORDER BY x.changed
