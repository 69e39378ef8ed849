-- The present members of these channels by name, and whether each may mention everybody.
SELECT m.channel_id, u.id, u.display_name, {may}
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
JOIN messaging_channel c ON c.id = m.channel_id
WHERE m.channel_id = ANY (%(channels)b::uuid[]) AND m.left_at IS NULL
ORDER BY u.id
