-- For a member: whether the message is in the channel, and from it onwards. For anybody else no row.
SELECT place.id, {row}
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
LEFT JOIN messaging_message place
    ON place.id = %(message)b::uuid AND place.channel_id = m.channel_id AND NOT place.out_of_view
LEFT JOIN LATERAL (
    SELECT * FROM messaging_message y
    WHERE y.channel_id = place.channel_id AND NOT y.out_of_view
      AND (y.sent_at, y.id) >= (place.sent_at, place.id)
    ORDER BY y.sent_at, y.id LIMIT %(limit)b::bigint) x ON true
{sealed}
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid AND m.left_at IS NULL
ORDER BY x.sent_at, x.id
