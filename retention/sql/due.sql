-- When a rule's period is over. `retention.due.terms` says the same in Python, and a test holds the
-- two against each other.

-- Where the period is over today: for every trigger date before this one.
CREATE FUNCTION retention_limit(p_months integer, p_days integer, p_today date) RETURNS date
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN p_days IS NOT NULL
        THEN date_trunc('month', p_today::timestamp)::date - p_days
        ELSE (date_trunc('month', p_today::timestamp) - make_interval(months => p_months))::date
        END
$$;

-- What was sent before this moment is due today; null if nothing is. `p_day` is the date that a
-- dated trigger asks for, null while it is unknown. Years end in London's time.
CREATE FUNCTION retention_cut_off_of(
    p_trigger text, p_months integer, p_days integer, p_day date, p_today date
) RETURNS timestamptz
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE p_trigger
        WHEN 'message' THEN l.day::timestamp AT TIME ZONE 'UTC'
        WHEN 'academic_year' THEN make_date(
            extract(year FROM l.day)::int - (extract(month FROM l.day) < 9)::int, 9, 1
            )::timestamp AT TIME ZONE 'Europe/London'
        WHEN 'calendar_year' THEN
            date_trunc('year', l.day::timestamp) AT TIME ZONE 'Europe/London'
        WHEN 'leaving' THEN d.cut_off
        WHEN 'closure' THEN d.cut_off
        WHEN 'set' THEN d.cut_off
        END
    FROM (SELECT public.retention_limit(p_months, p_days, p_today) AS day) l
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p_day < l.day THEN l.day::timestamp AT TIME ZONE 'UTC' END AS cut_off) d
$$;

-- The date that a channel's rule asks for: the one that was set, or when its person leaves.
CREATE FUNCTION retention_date_of(p_channel uuid) RETURNS date
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(d.day, u.leaving_on)
    FROM public.retention_channeldate d LEFT JOIN public.accounts_user u ON u.id = d.person_id
    WHERE d.channel_id = p_channel
$$;

-- What was sent in a channel before this moment is due today by a class's rule, whatever that says
-- to do then; null if nothing is.
CREATE FUNCTION retention_cut_off(p_class text, p_channel uuid, p_today date)
RETURNS timestamptz
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.retention_cut_off_of(
        r.trigger, r.months, r.days, public.retention_date_of(p_channel), p_today)
    FROM public.retention_rule(p_class) r
$$;

-- The channels of a class in which something may be due today, each with its cut-off.
CREATE FUNCTION retention_due(p_class text, p_today date)
RETURNS TABLE (channel uuid, cut_off timestamptz)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.id, x.cut_off
    FROM public.messaging_channel c
    CROSS JOIN LATERAL (SELECT public.retention_cut_off(p_class, c.id, p_today) AS cut_off) x
    WHERE c.record_class = p_class AND x.cut_off IS NOT NULL
$$;

-- The messages that a class of their own keeps today, whatever their channel's rule says.
CREATE FUNCTION retention_kept_longer(p_today date) RETURNS TABLE (message uuid)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.id
    FROM public.retention_messageclass x
    JOIN public.messaging_message m ON m.id = x.message_id
    CROSS JOIN LATERAL public.retention_rule(x.record_class) r
    WHERE r.action <> 'dispose'
       OR (m.sent_at < public.retention_cut_off(x.record_class, m.channel_id, p_today))
          IS NOT TRUE
$$;

-- What would become of each message of a chunk now: whether its class, its rule's period, a class
-- of its own and the holds let it be destroyed, let it only leave the conversation, or spare it.
CREATE OR REPLACE FUNCTION retention_outcomes(p_chunk bigint)
RETURNS TABLE (message uuid, outcome text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT i.message, CASE
        WHEN m.id IS NULL OR m.channel_id <> c.channel_id OR h.record_class <> d.record_class
             OR r.action <> 'dispose'
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
