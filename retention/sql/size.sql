-- The bytes of what a proposal would destroy, and the first and last day on which it was sent.
WITH going AS (
    SELECT m.id, m.sent_at
    FROM retention_disposalchunk c
    JOIN retention_disposalitem i ON i.chunk_id = c.id AND NOT i.held
    JOIN messaging_message m ON m.id = i.message
    WHERE c.disposal_id = %(disposal)s
)
SELECT
    coalesce((SELECT sum(octet_length(v.sealed)) FROM messaging_messageversion v
              JOIN going g ON g.id = v.message_id), 0)::bigint
    + coalesce((SELECT sum(f.size) FROM messaging_file f
                WHERE f.id IN (SELECT a.file_id FROM messaging_attachment a
                               JOIN going g ON g.id = a.message_id)), 0)::bigint,
    (SELECT min(sent_at AT TIME ZONE 'UTC')::date FROM going),
    (SELECT max(sent_at AT TIME ZONE 'UTC')::date FROM going)
