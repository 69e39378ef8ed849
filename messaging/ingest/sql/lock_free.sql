-- As lock.sql, but whatever somebody else has locked is left out instead of waited for.
SELECT id, kind, record_class, sensitive, no_images, archived_at IS NOT NULL, head
FROM messaging_channel
WHERE id = ANY (%(channels)b::uuid[])
ORDER BY id
FOR NO KEY UPDATE SKIP LOCKED
