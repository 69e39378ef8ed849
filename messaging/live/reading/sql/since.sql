-- For a member: the first message sent from a moment on, in page order; null where there is none. For
-- anybody else no row.
SELECT x.id
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
LEFT JOIN LATERAL (
    SELECT y.id FROM messaging_message y
    WHERE y.channel_id = m.channel_id AND NOT y.out_of_view
      AND y.sent_at >= %(moment)b::timestamptz
    ORDER BY y.sent_at, y.id LIMIT 1) x ON true
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid AND m.left_at IS NULL
