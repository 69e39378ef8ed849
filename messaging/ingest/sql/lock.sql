-- The channels of a batch, locked in the order of their ids: whoever locks several takes them in
-- this order, so that nobody waits in a circle. NO KEY: foreign keys need not wait.
SELECT id, kind, record_class, sensitive, no_images, archived_at IS NOT NULL, head
FROM messaging_channel
WHERE id = ANY (%(channels)b::uuid[])
ORDER BY id
FOR NO KEY UPDATE
