-- The date from which a channel's rule is counted makes something due earlier only when two people
-- want it: whoever set it, or entered it where accounts are kept, and another who agreed. What is
-- agreed is what counts: an earlier date changes nothing until then, and one that becomes known
-- leaves it unknown. What only keeps something longer takes one person and counts at once.
CREATE OR REPLACE FUNCTION retention_date_of(p_channel uuid) RETURNS date
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT d.agreed FROM public.retention_channeldate d WHERE d.channel_id = p_channel
$$;

-- Nobody agrees in the statement that sets a date, nor to what they set or entered themselves, nor
-- to another date than the one that stands there.
CREATE FUNCTION retention_agreed_by_two() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_entered record;
BEGIN
    IF NEW.agreed IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'a date begins without agreement' USING ERRCODE = '42501';
    END IF;
    IF NEW.agreed >= OLD.agreed THEN
        RETURN NEW;
    END IF;
    SELECT u.leaving_on, u.leaving_set_by_id INTO v_entered
    FROM public.accounts_user u WHERE u.id = NEW.person_id;
    IF (NEW.day, NEW.person_id, NEW.set_by_id) IS DISTINCT FROM
           (OLD.day, OLD.person_id, OLD.set_by_id)
       OR NEW.agreed IS DISTINCT FROM coalesce(NEW.day, v_entered.leaving_on)
       OR NEW.agreed_by_id IS NULL
       OR NEW.agreed_by_id IN (NEW.set_by_id, NEW.person_id, v_entered.leaving_set_by_id)
    THEN
        RAISE EXCEPTION 'an earlier date takes two people' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
-- What is in force when this is put in place stays so.
UPDATE retention_channeldate d SET agreed = coalesce(d.day, (
    SELECT u.leaving_on FROM accounts_user u WHERE u.id = d.person_id));
CREATE TRIGGER retention_channeldate_takes_two BEFORE INSERT OR UPDATE ON retention_channeldate
    FOR EACH ROW EXECUTE FUNCTION retention_agreed_by_two();

-- Another leaving date waits for the chunk under way, as every date does. A later one counts at
-- once, and to put it back takes two people again; while it is unknown, nothing is agreed.
CREATE FUNCTION retention_leaving_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7101);
    UPDATE public.retention_channeldate d SET agreed = NEW.leaving_on, agreed_by_id = NULL
    WHERE d.person_id = NEW.id AND (NEW.leaving_on IS NULL OR NEW.leaving_on > d.agreed);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION retention_leaving_changed FROM PUBLIC;
CREATE TRIGGER retention_leaving AFTER UPDATE OF leaving_on ON accounts_user
    FOR EACH ROW WHEN (NEW.leaving_on IS DISTINCT FROM OLD.leaving_on)
    EXECUTE FUNCTION retention_leaving_changed();
