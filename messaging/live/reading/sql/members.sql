-- Who is in these channels, also those whose account is closed.
SELECT m.channel_id, array_agg(m.person_id)
FROM messaging_membership m
WHERE m.channel_id = ANY (%(channels)b::uuid[]) AND m.left_at IS NULL
GROUP BY m.channel_id
