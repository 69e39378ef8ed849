-- What would become of each message of a chunk now, as outcomes_beside.sql says of it: whether its
-- class, its rule's period, a class of its own and the holds let it be destroyed, let it only leave
-- the conversation, or spare it.
--
-- What holds for the chunk as a whole is asked once: inlined, the rule and its cut-off were asked for
-- each message, some five small functions of SQL for each. So is whether any hold can concern the
-- chunk: where none does, the parts of what is held need not be asked of each message. And so is which
-- messages a class of their own keeps: inlined, that was asked anew for each message, over all of those.
CREATE OR REPLACE FUNCTION retention_outcomes(p_chunk bigint)
RETURNS TABLE (message uuid, outcome text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH whole AS MATERIALIZED (
        SELECT c.id AS chunk, c.channel_id AS channel, n.today,
            h.record_class = d.record_class AND r.action = 'dispose' AND d.withdrawn_at IS NULL
                AS may_go,
            d.cut_off::timestamp AT TIME ZONE 'UTC' AS approved_before,
            public.retention_cut_off(d.record_class, c.channel_id, n.today) AS due_before,
            public.retention_may_be_held(c.id) AS may_be_held
        FROM public.retention_disposalchunk c
        JOIN public.retention_disposal d ON d.number = c.disposal_id
        JOIN public.messaging_channel h ON h.id = c.channel_id
        CROSS JOIN LATERAL public.retention_rule(d.record_class) r
        CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'UTC')::date AS today) n
        WHERE c.id = p_chunk
    ), kept AS MATERIALIZED (
        SELECT k.message FROM whole w CROSS JOIN LATERAL public.retention_kept_longer(w.today) k
    )
    SELECT i.message, CASE
        WHEN m.id IS NULL OR m.channel_id <> w.channel OR w.may_go IS NOT TRUE
             OR (m.sent_at < w.approved_before) IS NOT TRUE
             OR (m.sent_at < w.due_before) IS NOT TRUE
             OR i.message IN (SELECT k.message FROM kept k)
            THEN 'spared'
        WHEN i.held OR (w.may_be_held AND EXISTS (
            SELECT FROM public.retention_held x WHERE x.message = i.message))
            THEN 'out_of_view'
        ELSE 'destroyed' END
    FROM whole w
    JOIN public.retention_disposalitem i ON i.chunk_id = w.chunk
    LEFT JOIN public.messaging_message m ON m.id = i.message
$$;
