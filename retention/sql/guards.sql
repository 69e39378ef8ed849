-- What may stop a disposal stops it whoever does it, and by whatever statement: a hold that is placed
-- and a channel that is given another class wait for the chunk under way and let none begin until
-- their transaction has ended. Before the statement, so that it waits before it has locked a row.
CREATE FUNCTION retention_stop_destroying() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7101);
    RETURN NULL;
END
$$;
CREATE TRIGGER retention_hold_stops BEFORE INSERT ON retention_hold
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
CREATE TRIGGER retention_holdchannel_stops BEFORE INSERT ON retention_holdchannel
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
CREATE TRIGGER retention_holdperson_stops BEFORE INSERT ON retention_holdperson
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();
CREATE TRIGGER retention_class_stops BEFORE UPDATE OF record_class ON messaging_channel
    FOR EACH STATEMENT EXECUTE FUNCTION retention_stop_destroying();

-- A message that leaves the conversation loses the name by which its author's device knows it: sent
-- once more, it is posted anew, as it is where the message was destroyed, and tells of no hold.
CREATE FUNCTION retention_forget_ref() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.ref := gen_random_uuid();
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_message_leaves BEFORE UPDATE OF out_of_view ON messaging_message
    FOR EACH ROW WHEN (NEW.out_of_view AND NOT OLD.out_of_view AND NEW.ref IS NOT NULL)
    EXECUTE FUNCTION retention_forget_ref();
UPDATE messaging_message SET ref = gen_random_uuid() WHERE out_of_view AND ref IS NOT NULL;
