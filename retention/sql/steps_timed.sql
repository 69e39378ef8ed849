-- The times that the school has set for the steps of a disposal, asked when each is written: how long
-- owners may object, and how late an approval lapses. `steps_guarded.sql` asks how long it cools off.

-- The day on which so many school days (at least 1) have gone by since a day, less those named in
-- `retention_recordssettings.closed`. The earliest that it may be: bank holidays, which Python knows
-- by the nation, only make it later.
CREATE FUNCTION retention_school_days_after(p_day date, p_days integer, p_closed text) RETURNS date
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH closed AS MATERIALIZED (
        SELECT daterange(to_date(f.days[1], 'DD/MM/YYYY'),
                         to_date(f.days[cardinality(f.days)], 'DD/MM/YYYY'), '[]') AS days
        FROM regexp_split_to_table(p_closed, '\r?\n') line
        CROSS JOIN LATERAL (
            SELECT array_agg(m.found[1] ORDER BY m.place) AS days
            FROM regexp_matches(line, '\d{1,2}/\d{1,2}/\d{4}', 'g')
                WITH ORDINALITY AS m (found, place)) f
        WHERE cardinality(f.days) IN (1, 2)
    )
    SELECT d.day::date
    FROM generate_series(p_day + 1, p_day + 4000, interval '1 day') AS d (day)
    WHERE extract(isodow FROM d.day) < 6
      AND NOT EXISTS (SELECT FROM closed c WHERE d.day::date <@ c.days)
    ORDER BY d.day OFFSET p_days - 1 LIMIT 1
$$;

-- A proposal is of now, and owners have the days that the school gives them; an approval lapses when
-- the school says, or before. An hour is for clocks that differ. The database does not know the
-- school's time zone: its day may begin 14 hours before UTC's, or 12 after, and what would be too
-- short in all of them is refused.
CREATE FUNCTION retention_disposal_timed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_object integer;
    v_lapse integer;
    v_closed text;
    v_ends timestamptz;
BEGIN
    IF current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) THEN
        RETURN NEW;
    END IF;
    SELECT s.object_days, s.expire_days, s.closed INTO v_object, v_lapse, v_closed
    FROM public.retention_recordssettings s;
    IF TG_OP = 'INSERT' THEN
        v_ends := NEW.proposed_at;
        IF coalesce(v_object, 10) > 0 THEN
            v_ends := (public.retention_school_days_after(
                ((NEW.proposed_at - interval '12 hours') AT TIME ZONE 'UTC')::date,
                coalesce(v_object, 10), coalesce(v_closed, '')
            ) + 1)::timestamp AT TIME ZONE 'UTC' - interval '14 hours';
        END IF;
        IF NEW.proposed_at NOT BETWEEN clock_timestamp() - interval '1 hour'
               AND clock_timestamp() + interval '1 hour'
           OR NEW.object_before < v_ends THEN
            RAISE EXCEPTION 'owners may object to a disposal first' USING ERRCODE = 'RT001';
        END IF;
    ELSIF OLD.state = 'proposed' AND NEW.state = 'approved'
          AND (NEW.expires_at <= NEW.approved_at
               + make_interval(hours => 24 * coalesce(v_lapse, 30))) IS NOT TRUE THEN
        RAISE EXCEPTION 'disposal % lapses when the school says', NEW.number
            USING ERRCODE = 'RT001';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_disposal_timed BEFORE INSERT OR UPDATE OF state ON retention_disposal
    FOR EACH ROW EXECUTE FUNCTION retention_disposal_timed();
