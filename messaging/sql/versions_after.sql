-- Versions in the order of their messages, from after one of them on, with what each is bound to:
-- all of them, or those written since a time and of the rest a thirtieth, by the message's id.
SELECT v.message_id, v.number, v.sealed, k.id, k.generation, k.wrapped,
       m.channel_id, m.author_id, m.sent_at, m.kind, m.reply_to, v.written_by_id, v.written_at
FROM messaging_messageversion v
JOIN messaging_message m ON m.id = v.message_id
JOIN messaging_contentkey k ON k.id = v.key_id
WHERE (v.message_id, v.number) > (%(message)b::uuid, %(number)b::int)
  AND (%(turn)b::int IS NULL OR v.written_at >= %(since)b::timestamptz
       OR get_byte(uuid_send(v.message_id), 15) %% 30 = %(turn)b::int)
ORDER BY v.message_id, v.number
LIMIT %(most)b::int
