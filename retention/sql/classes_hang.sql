-- A class of a message's own goes with the message, as a reference with ON DELETE CASCADE would have
-- it, but once a statement and not once a message (messaging/sql/hanging.sql).
CREATE CONSTRAINT TRIGGER retention_messageclass_hangs
    AFTER INSERT OR UPDATE OF message_id ON retention_messageclass
    NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION messaging_hangs();

CREATE FUNCTION retention_classes_go() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_gone uuid[] := (SELECT array_agg(g.id) FROM gone g);
BEGIN
    DELETE FROM public.retention_messageclass x WHERE x.message_id = ANY (v_gone);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION retention_classes_go FROM PUBLIC;

CREATE TRIGGER retention_message_classes_go AFTER DELETE ON messaging_message
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION retention_classes_go();
