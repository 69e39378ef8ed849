-- What stands in some chunks: the ids one after the other, as the journal packs them.
SELECT i.chunk_id,
    coalesce(string_agg(uuid_send(i.message), '' ORDER BY i.message) FILTER (WHERE NOT i.held), ''),
    coalesce(string_agg(uuid_send(i.message), '' ORDER BY i.message) FILTER (WHERE i.held), '')
FROM retention_disposalitem i
WHERE i.chunk_id = ANY (%(chunks)b::bigint[])
GROUP BY i.chunk_id
