-- A message, for a member of its channel.
SELECT {row}
FROM messaging_message x
JOIN messaging_membership m ON m.channel_id = x.channel_id AND m.left_at IS NULL
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
{sealed}
WHERE x.id = %(message)b::uuid AND NOT x.out_of_view AND m.person_id = %(person)b::uuid
