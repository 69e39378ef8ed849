-- For each draft, in its order: the author's name if they are a member with an open account, the
-- message that has this `ref` already, whether the answered message is there, and whether they were
-- given leave to post in announcements. Asked under the lock of the channels.
SELECT member.display_name, earlier.id,
       a.reply_to IS NULL OR EXISTS (
            SELECT FROM messaging_message x
            WHERE x.id = a.reply_to AND x.channel_id = a.channel AND NOT x.out_of_view),
       EXISTS (
            SELECT FROM guardian_userobjectpermission g
            JOIN auth_permission p ON p.id = g.permission_id
            WHERE g.user_id = a.author AND g.object_pk = a.channel::text
              AND p.codename = 'post_in_channel')
FROM unnest(%(channels)b::uuid[], %(authors)b::uuid[], %(refs)b::uuid[], %(replies)b::uuid[])
     WITH ORDINALITY AS a (channel, author, ref, reply_to, place)
LEFT JOIN LATERAL (
    SELECT u.display_name
    FROM messaging_membership m JOIN accounts_user u ON u.id = m.person_id
    WHERE m.channel_id = a.channel AND m.person_id = a.author AND m.left_at IS NULL
      AND u.is_active
    LIMIT 1) member ON true
LEFT JOIN LATERAL (
    SELECT x.id FROM messaging_message x
    WHERE x.author_id = a.author AND x.channel_id = a.channel AND x.ref = a.ref
    LIMIT 1) earlier ON true
ORDER BY a.place
