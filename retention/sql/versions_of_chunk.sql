-- Each version of the messages of a chunk, in the order of its items, as two lists.
SELECT coalesce(array_agg(i.message ORDER BY i.id, v.number), '{}')::text,
    coalesce(array_agg(v.number ORDER BY i.id, v.number), '{}')::text
FROM retention_disposalitem i JOIN messaging_messageversion v ON v.message_id = i.message
WHERE i.chunk_id = %(chunk)b
