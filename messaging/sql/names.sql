-- What a person's channels are called for them: a direct one after its other people, if it has any.
SELECT c.id, CASE WHEN c.kind = 'direct' THEN others.names ELSE c.name END AS name, c.kind
FROM accounts_user u
JOIN messaging_membership m ON m.person_id = u.id AND m.left_at IS NULL
JOIN messaging_channel c ON c.id = m.channel_id
LEFT JOIN LATERAL (
    SELECT string_agg(o.display_name, ', ' ORDER BY o.display_name) AS names
    FROM messaging_membership n JOIN accounts_user o ON o.id = n.person_id
    WHERE c.kind = 'direct'
      AND n.channel_id = c.id AND n.person_id <> m.person_id AND n.left_at IS NULL
    ) others ON true
WHERE u.id = %(person)b::uuid AND u.is_active
ORDER BY c.name, c.id
