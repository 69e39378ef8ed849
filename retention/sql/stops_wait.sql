-- Whoever ends a disposal waits for the chunk under way and lets none begin behind, as a hold does, by
-- whatever statement: two connections that destroy hold its row by turns without a gap.
CREATE TRIGGER retention_withdrawal_stops BEFORE UPDATE OF withdrawn_at ON retention_disposal
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();

-- That an objection took out all that was due is written once, when it is so, before the approval.
CREATE FUNCTION retention_disposal_emptied() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.emptied_at IS NOT NULL OR NEW.emptied_at IS NULL OR NEW.emptied_by_id IS NULL
       OR OLD.state <> 'proposed' OR NEW.due <> 0 THEN
        RAISE EXCEPTION 'disposal % says what was left of it', OLD.number USING ERRCODE = 'RT001';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_disposal_emptied BEFORE UPDATE OF emptied_at, emptied_by_id
    ON retention_disposal
    FOR EACH ROW WHEN ((NEW.emptied_at, NEW.emptied_by_id)
        IS DISTINCT FROM (OLD.emptied_at, OLD.emptied_by_id))
    EXECUTE FUNCTION retention_disposal_emptied();
