-- The sealed bodies of some candidates, each with what binds it to its place, with the key to it,
-- and whether it was corrected. A candidate that was disposed of meanwhile is not among them, nor
-- is one out of view.
SELECT v.message_id, v.number, m.channel_id, m.author_id, m.sent_at, m.kind,
       m.deleted_at IS NULL AND v.number = m.version, v.sealed, k.id, k.generation, k.wrapped,
       v.number = m.version
       AND EXISTS (SELECT FROM messaging_correction n WHERE n.message_id = m.id)
FROM unnest(%(messages)b::uuid[], %(versions)b::integer[]) AS c (message, version)
JOIN messaging_messageversion v ON v.message_id = c.message AND v.number = c.version
JOIN messaging_message m ON m.id = c.message AND NOT m.out_of_view
JOIN messaging_contentkey k ON k.id = v.key_id
