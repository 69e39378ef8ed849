-- The bytes of what a proposal would destroy: sealed versions and files.
WITH going AS MATERIALIZED (
    SELECT i.message
    FROM retention_disposalchunk c
    JOIN retention_disposalitem i ON i.chunk_id = c.id AND NOT i.held
    WHERE c.disposal_id = %(disposal)s
)
SELECT
    coalesce((SELECT sum(octet_length(v.sealed)) FROM messaging_messageversion v
              JOIN going g ON g.message = v.message_id), 0)::bigint
    + coalesce((SELECT sum(f.size) FROM messaging_file f
                WHERE f.id IN (SELECT a.file_id FROM messaging_attachment a
                               JOIN going g ON g.message = a.message_id)), 0)::bigint
