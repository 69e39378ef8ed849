-- The heads of the channels, the messages and their first versions, in one statement.
WITH fresh AS MATERIALIZED (
    SELECT * FROM unnest(
        %(ids)b::uuid[], %(channels)b::uuid[], %(authors)b::uuid[], %(refs)b::uuid[],
        %(seqs)b::bigint[], %(times)b::timestamptz[], %(replies)b::uuid[],
        %(keys)b::bigint[], %(sealed)b::bytea[])
    AS f (id, channel, author, ref, seq, sent_at, reply_to, key, sealed)
), heads AS (
    UPDATE messaging_channel c SET head = h.head
    FROM (SELECT channel, max(seq) AS head FROM fresh GROUP BY channel) h
    WHERE c.id = h.channel
), messages AS (
    INSERT INTO messaging_message (id, channel_id, author_id, ref, seq, changed, sent_at,
                                   reply_to, kind, version, out_of_view)
    SELECT id, channel, author, ref, seq, seq, sent_at, reply_to, 'text', 1, false FROM fresh
)
INSERT INTO messaging_messageversion (message_id, number, key_id, sealed, written_at,
                                      written_by_id)
SELECT id, 1, key, sealed, sent_at, author FROM fresh
