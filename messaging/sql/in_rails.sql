-- One channel as the rails of several people show it.
SELECT u.display_name, u.id, listed.*
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
CROSS JOIN LATERAL (
{listed}) listed
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = ANY (%(people)b::uuid[])
  AND m.left_at IS NULL
