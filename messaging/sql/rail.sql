-- A person's name and their channels; of somebody who has none, a row with the name alone.
SELECT u.display_name, u.id, listed.*
FROM accounts_user u
LEFT JOIN messaging_membership m ON m.person_id = u.id AND m.left_at IS NULL AND u.is_active
LEFT JOIN LATERAL (
{listed}) listed ON true
WHERE u.id = %(person)b::uuid
ORDER BY listed.name, listed.id
