-- What a disposal took out of the conversation because it was held, and what is neither held nor due
-- any more, comes back into it. By channel: its new position, which is its floor, so that everybody
-- reads it anew; the months whose search has to follow; and how many messages came back.
CREATE FUNCTION retention_show_again()
RETURNS TABLE (channel uuid, reached bigint, months date[], shown integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_today date := (now() AT TIME ZONE 'UTC')::date;
    v_found record;
BEGIN
    PERFORM pg_advisory_xact_lock(7101);
    FOR v_found IN
        SELECT m.channel_id, array_agg(m.id) AS ids,
               array_agg(DISTINCT date_trunc('month', m.sent_at AT TIME ZONE 'UTC')::date) AS months
        FROM public.messaging_message m
        JOIN public.messaging_channel c ON c.id = m.channel_id
        CROSS JOIN LATERAL public.retention_rule(c.record_class) r
        WHERE m.out_of_view
          AND (r.action <> 'dispose'
               OR (m.sent_at < public.retention_cut_off(c.record_class, c.id, v_today)) IS NOT TRUE
               OR m.id IN (SELECT k.message FROM public.retention_kept_longer(v_today) k))
          AND m.id NOT IN (SELECT x.message FROM public.retention_held x)
        GROUP BY m.channel_id ORDER BY m.channel_id
    LOOP
        channel := v_found.channel_id;
        months := v_found.months;
        shown := cardinality(v_found.ids);
        UPDATE public.messaging_channel c SET head = c.head + 1, floor = c.head + 1
        WHERE c.id = v_found.channel_id RETURNING c.head INTO reached;
        UPDATE public.messaging_message m SET out_of_view = false WHERE m.id = ANY (v_found.ids);
        UPDATE public.retention_disposalitem i SET outcome = 'spared'
        WHERE i.message = ANY (v_found.ids) AND i.outcome = 'out_of_view';
        RETURN NEXT;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION retention_show_again FROM PUBLIC;
