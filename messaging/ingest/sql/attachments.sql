-- Which message refers to which file. What was an upload (`sent`) is a file from now on, and its
-- upload is gone, with the key that stood under its uploader's; what was passed on is a file already.
WITH brought AS MATERIALIZED (
    SELECT * FROM unnest(%(messages)b::uuid[], %(files)b::uuid[], %(sizes)b::bigint[],
                         %(sent)b::int[]) AS n (message, file, size, sent)
), gone AS (
    DELETE FROM messaging_upload u USING brought b WHERE b.sent = 1 AND u.id = b.file
), files AS (
    INSERT INTO messaging_file (id, size, stored_at, text, read_whole)
    SELECT b.file, b.size, now(), u.text, u.read_whole
    FROM brought b LEFT JOIN messaging_upload u ON u.id = b.file
    WHERE b.sent = 1
)
INSERT INTO messaging_attachment (message_id, file_id)
SELECT message, file FROM brought
