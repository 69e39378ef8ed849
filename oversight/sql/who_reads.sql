-- For a member of a channel: its kind, how many are in it, the names of those who may search it by
-- their role and are not somebody whom it is about, and how long it is kept, as trigger, months and days:
-- by the newest rule of its class, or by the usual one. For anybody else no row.
SELECT c.kind,
       (SELECT count(*)
        FROM messaging_membership o JOIN accounts_user p ON p.id = o.person_id AND p.is_active
        WHERE o.channel_id = c.id AND o.left_at IS NULL),
       (SELECT coalesce(array_agg(h.display_name::text ORDER BY h.display_name), '{}')
        FROM accounts_user h
        WHERE h.is_active
          AND h.id IN (
              SELECT g.user_id
              FROM accounts_user_groups g
              JOIN auth_group_permissions gp ON gp.group_id = g.group_id
              JOIN auth_permission a ON a.id = gp.permission_id
              JOIN django_content_type t ON t.id = a.content_type_id
              WHERE a.codename = %(permission)b AND t.app_label = 'accounts')
          AND NOT EXISTS (
              SELECT FROM messaging_channelsubject s
              WHERE s.channel_id = c.id AND s.person_id = h.id)),
       r.trigger, r.months, r.days
FROM messaging_membership m
JOIN accounts_user u ON u.id = m.person_id AND u.is_active
JOIN messaging_channel c ON c.id = m.channel_id
CROSS JOIN LATERAL (
    SELECT p.trigger, p.months, p.days
    FROM retention_policy p
    WHERE p.record_class IN (c.record_class, %(usual)b)
    ORDER BY p.record_class = c.record_class DESC, p.version DESC
    LIMIT 1) r
WHERE m.channel_id = %(channel)b::uuid AND m.person_id = %(person)b::uuid AND m.left_at IS NULL
