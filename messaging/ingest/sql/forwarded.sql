-- What each of these people would pass on: the message, if they are in its channel, and what of the
-- channel decides whether its words may leave it. Of what is not theirs to read no more than a row of
-- nothing.
SELECT c.kind, c.name, c.sensitive, {row}
FROM unnest(%(authors)b::uuid[], %(messages)b::uuid[]) WITH ORDINALITY AS a (author, message, place)
LEFT JOIN LATERAL (
    SELECT y.*
    FROM messaging_message y
    JOIN messaging_membership m
         ON m.channel_id = y.channel_id AND m.person_id = a.author AND m.left_at IS NULL
    JOIN accounts_user u ON u.id = m.person_id AND u.is_active
    WHERE y.id = a.message AND NOT y.out_of_view
    LIMIT 1) x ON true
LEFT JOIN messaging_channel c ON c.id = x.channel_id
{sealed}
ORDER BY a.place
