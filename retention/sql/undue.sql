-- What a disposal took out of the conversation because it was held, and what is neither held nor due
-- any more. Few messages are out of view, and they are found by an index of their own; what is held is
-- read only where one of them is not due.
CREATE VIEW retention_undue AS
SELECT m.id AS message, m.channel_id AS channel, m.sent_at
FROM messaging_message m
JOIN messaging_channel c ON c.id = m.channel_id
CROSS JOIN (SELECT (now() AT TIME ZONE 'UTC')::date AS today) t
CROSS JOIN LATERAL retention_rule(c.record_class) r
WHERE m.out_of_view
  AND (r.action <> 'dispose'
       OR (m.sent_at < retention_cut_off(c.record_class, c.id, t.today)) IS NOT TRUE
       OR m.id IN (SELECT k.message FROM retention_kept_longer(t.today) k))
  AND m.id NOT IN (SELECT x.message FROM retention_held x);

-- It comes back into the conversation. By channel: its new position, which is its floor, so that
-- everybody reads it anew; the months whose search has to follow; and how many messages came back.
CREATE OR REPLACE FUNCTION retention_show_again()
RETURNS TABLE (channel uuid, reached bigint, months date[], shown integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_found record;
BEGIN
    PERFORM pg_advisory_xact_lock(7101);
    FOR v_found IN
        SELECT u.channel AS id, array_agg(u.message) AS ids,
               array_agg(DISTINCT date_trunc('month', u.sent_at AT TIME ZONE 'UTC')::date) AS months
        FROM public.retention_undue u GROUP BY u.channel ORDER BY u.channel
    LOOP
        channel := v_found.id;
        months := v_found.months;
        shown := cardinality(v_found.ids);
        UPDATE public.messaging_channel c SET head = c.head + 1, floor = c.head + 1
        WHERE c.id = v_found.id RETURNING c.head INTO reached;
        UPDATE public.messaging_message m SET out_of_view = false WHERE m.id = ANY (v_found.ids);
        UPDATE public.retention_disposalitem i SET outcome = 'spared'
        WHERE i.message = ANY (v_found.ids) AND i.outcome = 'out_of_view';
        RETURN NEXT;
    END LOOP;
END
$$;
