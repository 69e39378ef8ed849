-- What would become of each message of a chunk now: whether its class, its rule's period, a class
-- of its own and the holds let it be destroyed, let it only leave the conversation, or spare it.
-- Of a disposal that was stopped while it was being carried out, everything that is left is spared.
CREATE OR REPLACE FUNCTION retention_outcomes(p_chunk bigint)
RETURNS TABLE (message uuid, outcome text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT i.message, CASE
        WHEN m.id IS NULL OR m.channel_id <> c.channel_id OR h.record_class <> d.record_class
             OR r.action <> 'dispose' OR d.withdrawn_at IS NOT NULL
             OR m.sent_at >= d.cut_off::timestamp AT TIME ZONE 'UTC'
             OR (m.sent_at < t.cut_off) IS NOT TRUE
             OR EXISTS (
                 SELECT FROM public.retention_messageclass x WHERE x.message_id = i.message
                 AND i.message IN (SELECT k.message FROM public.retention_kept_longer(t.today) k))
            THEN 'spared'
        WHEN i.held OR EXISTS (SELECT FROM public.retention_held x WHERE x.message = i.message)
            THEN 'out_of_view'
        ELSE 'destroyed' END
    FROM public.retention_disposalchunk c
    JOIN public.retention_disposal d ON d.number = c.disposal_id
    JOIN public.messaging_channel h ON h.id = c.channel_id
    CROSS JOIN LATERAL public.retention_rule(d.record_class) r
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'UTC')::date AS today) n
    CROSS JOIN LATERAL (
        SELECT n.today, public.retention_cut_off(d.record_class, c.channel_id, n.today) AS cut_off
    ) t
    JOIN public.retention_disposalitem i ON i.chunk_id = c.id
    LEFT JOIN public.messaging_message m ON m.id = i.message
    WHERE c.id = p_chunk
$$;
