    SELECT c.id, c.name, c.kind, c.head, c.floor, m.read_seq, m.muted,
           c.archived_at IS NOT NULL AS archived, may.post AS can_post,
           c.purpose,
           CASE WHEN c.head > m.read_seq THEN (
                SELECT count(*) FROM (
                    SELECT FROM messaging_message x
                    WHERE x.channel_id = c.id AND x.seq > m.read_seq AND x.kind = 'text'
                      AND x.author_id <> m.person_id AND x.deleted_at IS NULL
                      AND NOT x.out_of_view
                    ORDER BY x.seq LIMIT %(most)b::bigint) waiting)
           ELSE 0 END AS unread,
           others.names, others.ids,
           CASE WHEN c.head > m.read_seq THEN (
                SELECT count(*) FROM (
                    SELECT DISTINCT n.message_id FROM messaging_mention n
                    JOIN messaging_message x ON x.id = n.message_id
                    WHERE n.channel_id = c.id AND n.seq > m.read_seq
                      AND (n.person_id = m.person_id OR n.person_id IS NULL)
                      AND x.author_id <> m.person_id AND x.deleted_at IS NULL
                      AND NOT x.out_of_view
                    LIMIT %(most)b::bigint) mentioned)
           ELSE 0 END AS mentions,
           c.mention_all, may.post AND {may_mention_all} AS can_mention_all,
           may.post AND m.role <> 'guest' AS can_pin,
           c.no_images, (
                SELECT count(*) FROM (
                    SELECT FROM messaging_membership n
                    WHERE n.channel_id = c.id AND n.left_at IS NULL
                    LIMIT %(most)b::bigint) them) AS members
    FROM messaging_channel c
    CROSS JOIN LATERAL (
        SELECT c.archived_at IS NULL AND (c.kind <> 'announcement' OR EXISTS (
                SELECT FROM guardian_userobjectpermission g
                JOIN auth_permission p ON p.id = g.permission_id
                WHERE g.user_id = m.person_id AND g.object_pk = c.id::text
                  AND p.codename = 'post_in_channel')) AS post
        ) may
    LEFT JOIN LATERAL (
        SELECT string_agg(o.display_name, ', ' ORDER BY o.display_name) AS names,
               array_agg(o.id ORDER BY o.display_name) AS ids
        FROM messaging_membership n JOIN accounts_user o ON o.id = n.person_id
        WHERE c.kind = 'direct'
          AND n.channel_id = c.id AND n.person_id <> m.person_id AND n.left_at IS NULL
        ) others ON true
    WHERE c.id = m.channel_id
