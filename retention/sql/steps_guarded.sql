-- What a disposal says about who agreed to it, and when, is written with the step it belongs to and
-- not again, whatever statement a serving role finds. The owner's own functions have their say
-- before. `steps.sql` looks at the states.
--
-- A column that says something of a step, and the step with which it may be written:
--   proposed_by_id, put_forward_at               what is nobody's is put forward
--   approved_by_id, approved_at, cool_until, expires_at    from proposed to approved
--   withdrawn_by_id, withdrawn_at                once, while it is not over
--   bytes, first_day, last_day                   while it is proposed
CREATE FUNCTION retention_disposal_guarded() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_proposed boolean := OLD.state = 'proposed' AND NEW.state = 'proposed';
    v_cool interval := make_interval(hours => 24 * coalesce(
        (SELECT s.cool_days FROM public.retention_recordssettings s), 14));
BEGIN
    IF current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF (NEW.proposed_by_id, NEW.put_forward_at) IS DISTINCT FROM
           (OLD.proposed_by_id, OLD.put_forward_at)
       AND NOT (v_proposed AND OLD.proposed_by_id IS NULL
                AND NEW.proposed_by_id IS NOT NULL AND NEW.put_forward_at IS NOT NULL) THEN
        RAISE EXCEPTION 'disposal % has its proposer', OLD.number USING ERRCODE = 'RT001';
    END IF;
    IF (NEW.approved_by_id, NEW.approved_at, NEW.cool_until, NEW.expires_at) IS DISTINCT FROM
           (OLD.approved_by_id, OLD.approved_at, OLD.cool_until, OLD.expires_at)
       AND NOT (OLD.state = 'proposed' AND NEW.state = 'approved') THEN
        RAISE EXCEPTION 'disposal % has its times', OLD.number USING ERRCODE = 'RT001';
    END IF;
    -- The day of an approval is the day on which it is given; it cools off as long as the school
    -- has said. An hour is for clocks that differ.
    IF OLD.state = 'proposed' AND NEW.state = 'approved'
       AND (NEW.approved_at NOT BETWEEN clock_timestamp() - interval '1 hour'
                AND clock_timestamp() + interval '1 hour'
            OR NEW.cool_until < NEW.approved_at + v_cool) IS NOT FALSE THEN
        RAISE EXCEPTION 'disposal % cools off from its approval', OLD.number
            USING ERRCODE = 'RT001';
    END IF;
    IF (NEW.withdrawn_by_id, NEW.withdrawn_at) IS DISTINCT FROM
           (OLD.withdrawn_by_id, OLD.withdrawn_at)
       AND (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
            OR NEW.state NOT IN ('withdrawn', 'stopped', 'executing')
            OR OLD.state NOT IN ('proposed', 'approved', 'executing')) THEN
        RAISE EXCEPTION 'disposal % says who ended it', OLD.number USING ERRCODE = 'RT001';
    END IF;
    IF (NEW.bytes, NEW.first_day, NEW.last_day) IS DISTINCT FROM
           (OLD.bytes, OLD.first_day, OLD.last_day) AND NOT v_proposed THEN
        RAISE EXCEPTION 'disposal % has been measured', OLD.number USING ERRCODE = 'RT001';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_disposal_guarded BEFORE UPDATE ON retention_disposal
    FOR EACH ROW EXECUTE FUNCTION retention_disposal_guarded();

-- And it begins without what belongs to a later step.
CREATE FUNCTION retention_disposal_begins_bare() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF num_nonnulls(NEW.put_forward_at, NEW.approved_at, NEW.cool_until, NEW.expires_at,
                    NEW.withdrawn_by_id, NEW.withdrawn_at, NEW.started_at, NEW.done_at) > 0 THEN
        RAISE EXCEPTION 'a disposal begins without the times of later steps'
            USING ERRCODE = 'RT001';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_disposal_begins_bare BEFORE INSERT ON retention_disposal
    FOR EACH ROW EXECUTE FUNCTION retention_disposal_begins_bare();
