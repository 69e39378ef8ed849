-- No sealer from before the queue may be in the middle of its work (audit.checkpoints.SEALER_LOCK).
SELECT pg_advisory_xact_lock(7001);

-- Whoever writes entries, and however: each stands in the sealer's queue when it is committed.
-- The owner's right is needed, since nobody who writes entries may touch the queue.
CREATE FUNCTION audit_queue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.audit_unsealed (entry_id) SELECT id FROM written;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION audit_queue FROM PUBLIC;

CREATE TRIGGER audit_entry_queued AFTER INSERT ON audit_entry
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION audit_queue();

-- What was waiting when the queue was made.
INSERT INTO audit_unsealed (entry_id)
SELECT id FROM audit_entry e
WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.entry_id = e.id);
