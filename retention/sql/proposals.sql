-- Who asks for something cannot thereby decide it: a row begins in its first state.
CREATE FUNCTION retention_waits_at_first() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.state <> 'waiting' OR NEW.decided_by_id IS NOT NULL THEN
        RAISE EXCEPTION '% begins waiting', TG_TABLE_NAME USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_ruleproposal_begins BEFORE INSERT ON retention_ruleproposal
    FOR EACH ROW EXECUTE FUNCTION retention_waits_at_first();
CREATE TRIGGER retention_classproposal_begins BEFORE INSERT ON retention_classproposal
    FOR EACH ROW EXECUTE FUNCTION retention_waits_at_first();

-- What changes whether something is due waits for the chunk under way, whoever does it, as a hold
-- and another class of a channel do (guards.sql).
CREATE TRIGGER retention_policy_stops BEFORE INSERT ON retention_policy
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
CREATE TRIGGER retention_channeldate_stops BEFORE INSERT OR UPDATE ON retention_channeldate
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
CREATE TRIGGER retention_messageclass_stops BEFORE INSERT OR UPDATE ON retention_messageclass
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
