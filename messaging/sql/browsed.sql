-- The channels that a person is in, and the open ones that they could join, with those in them.
SELECT c.id, c.name, c.kind, c.purpose, c.archived_at IS NOT NULL, mine.mine, people.members, people.owners
FROM messaging_channel c
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM messaging_membership m
    WHERE m.channel_id = c.id AND m.person_id = %(person)s AND m.left_at IS NULL
  ) AS mine
) mine
CROSS JOIN LATERAL (
  SELECT count(*) AS members,
    coalesce((array_agg(u.display_name ORDER BY u.display_name) FILTER (WHERE m.role = 'owner'))[:%(named)s], '{}') AS owners
  FROM messaging_membership m
  JOIN accounts_user u ON u.id = m.person_id
  WHERE m.channel_id = c.id AND m.left_at IS NULL AND u.is_active
) people
WHERE c.kind <> 'direct' AND (mine.mine OR (c.kind = 'open' AND c.archived_at IS NULL))
ORDER BY lower(c.name), c.id
