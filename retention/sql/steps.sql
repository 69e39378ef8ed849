-- A disposal goes from state to state only as its steps allow, whoever asks. The door sets
-- 'executing' with the first chunk, so that nothing is destroyed before the cooling-off is over or
-- after the approval has lapsed.
CREATE FUNCTION retention_disposal_steps() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
            ('proposed', 'approved'), ('proposed', 'withdrawn'), ('proposed', 'stopped'),
            ('approved', 'executing'), ('approved', 'withdrawn'), ('approved', 'stopped'),
            ('approved', 'expired'), ('executing', 'done')) THEN
        RAISE EXCEPTION 'a disposal that is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'RT001';
    END IF;
    IF NEW.state = 'approved' AND (
            NEW.proposed_by_id IS NULL OR NEW.cool_until IS NULL
            OR OLD.object_before > clock_timestamp()) THEN
        RAISE EXCEPTION 'disposal % cannot be approved yet', NEW.number USING ERRCODE = 'RT001';
    END IF;
    -- Those of before there were steps have no times.
    IF NEW.state = 'executing' AND (
            NEW.cool_until > clock_timestamp() OR NEW.expires_at <= clock_timestamp()) THEN
        RAISE EXCEPTION 'disposal % is not to be carried out now', NEW.number
            USING ERRCODE = 'RT001';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_disposal_steps BEFORE UPDATE OF state ON retention_disposal
    FOR EACH ROW EXECUTE FUNCTION retention_disposal_steps();

-- Takes a channel's part out of a proposal that nobody has approved, with a digest of what is left;
-- answers how many messages that was, held ones and others.
CREATE FUNCTION retention_take_out(p_disposal bigint, p_channel uuid) RETURNS integer
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_taken integer;
BEGIN
    PERFORM FROM public.retention_disposal d
    WHERE d.number = p_disposal AND d.state = 'proposed' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'disposal % is not open', p_disposal USING ERRCODE = 'RT001';
    END IF;
    DELETE FROM public.retention_disposalitem i USING public.retention_disposalchunk c
    WHERE c.id = i.chunk_id AND c.disposal_id = p_disposal AND c.channel_id = p_channel;
    GET DIAGNOSTICS v_taken = ROW_COUNT;
    DELETE FROM public.retention_disposalchunk c
    WHERE c.disposal_id = p_disposal AND c.channel_id = p_channel;
    UPDATE public.retention_disposal d
    SET digest = public.retention_digest(p_disposal), due = n.due, held = n.held
    FROM (SELECT count(*) FILTER (WHERE NOT i.held) AS due, count(*) FILTER (WHERE i.held) AS held
          FROM public.retention_disposalitem i
          JOIN public.retention_disposalchunk c ON c.id = i.chunk_id
          WHERE c.disposal_id = p_disposal) n
    WHERE d.number = p_disposal;
    RETURN v_taken;
END
$$;
REVOKE ALL ON FUNCTION retention_take_out FROM PUBLIC;
