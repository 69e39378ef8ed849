-- Whether anything of a chunk can be held at all: by a hold that is open, for its days and channels,
-- or by a matter that is open. Never false where `retention_held` has a message of the chunk
-- (tests/retention/test_hold_what_is_covered.py): whatever is added there is thought of here.
CREATE FUNCTION retention_may_be_held(p_chunk bigint) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.retention_disposalchunk c
        JOIN public.retention_openhold h
            ON h.since < (c.month + interval '1 month') AT TIME ZONE 'UTC'
            AND h.before > c.month::timestamp AT TIME ZONE 'UTC'
        WHERE c.id = p_chunk
          AND (NOT h.by_channel OR EXISTS (
                SELECT FROM public.retention_holdchannel n
                WHERE n.hold_id = h.number AND n.channel_id = c.channel_id)))
    OR EXISTS (
        SELECT FROM public.retention_matter t
        JOIN public.retention_mattermessage x ON x.matter_id = t.uid
        JOIN public.retention_disposalitem i ON i.message = x.message AND i.chunk_id = p_chunk
        WHERE t.ended_at IS NULL)
$$;

-- What would become of each message of a chunk now, as outcomes_at_once.sql says of it: whether its
-- class, its rule's period, a class of its own and the holds let it be destroyed, let it only leave
-- the conversation, or spare it.
--
-- What holds for the chunk as a whole is asked once: inlined, the rule and its cut-off were asked for
-- each message, some five small functions of SQL for each. So is whether any hold can concern the
-- chunk: where none does, the parts of what is held need not be asked of each message.
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
    )
    SELECT i.message, CASE
        WHEN m.id IS NULL OR m.channel_id <> w.channel OR w.may_go IS NOT TRUE
             OR (m.sent_at < w.approved_before) IS NOT TRUE
             OR (m.sent_at < w.due_before) IS NOT TRUE
             OR EXISTS (
                 SELECT FROM public.retention_messageclass x WHERE x.message_id = i.message
                 AND i.message IN (SELECT k.message FROM public.retention_kept_longer(w.today) k))
            THEN 'spared'
        WHEN i.held OR (w.may_be_held AND EXISTS (
            SELECT FROM public.retention_held x WHERE x.message = i.message))
            THEN 'out_of_view'
        ELSE 'destroyed' END
    FROM whole w
    JOIN public.retention_disposalitem i ON i.chunk_id = w.chunk
    LEFT JOIN public.messaging_message m ON m.id = i.message
$$;
