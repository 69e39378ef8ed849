-- What hangs on a message, beside its versions: reactions, pins, mentions, attachments, corrections
-- and what people have saved. References would do; but of each message that goes, each reference is
-- asked by itself, and a disposal of a million messages asks six million times. These ask the same
-- once a statement.

-- As a reference: what is inserted hangs on a message that is there, and that stays until the commit.
CREATE FUNCTION messaging_hangs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM public.messaging_message m WHERE m.id = NEW.message_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% refers to a message that is not there', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION messaging_hangs FROM PUBLIC;

CREATE CONSTRAINT TRIGGER messaging_reaction_hangs
    AFTER INSERT OR UPDATE OF message_id ON messaging_reaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION messaging_hangs();
CREATE CONSTRAINT TRIGGER messaging_pin_hangs
    AFTER INSERT OR UPDATE OF message_id ON messaging_pin
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION messaging_hangs();
CREATE CONSTRAINT TRIGGER messaging_mention_hangs
    AFTER INSERT OR UPDATE OF message_id ON messaging_mention
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION messaging_hangs();
CREATE CONSTRAINT TRIGGER messaging_attachment_hangs
    AFTER INSERT OR UPDATE OF message_id ON messaging_attachment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION messaging_hangs();
CREATE CONSTRAINT TRIGGER messaging_correction_hangs
    AFTER INSERT OR UPDATE OF message_id ON messaging_correction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION messaging_hangs();
CREATE CONSTRAINT TRIGGER messaging_savedmessage_hangs
    AFTER INSERT OR UPDATE OF message_id ON messaging_savedmessage
    NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION messaging_hangs();

-- Everything that hangs on no message. Empty, unless somebody went round the triggers.
CREATE VIEW messaging_hanging AS
SELECT x.hanging, x.message FROM (
    SELECT 'messaging_reaction' AS hanging, r.message_id AS message FROM messaging_reaction r
    UNION ALL SELECT 'messaging_pin', p.message_id FROM messaging_pin p
    UNION ALL SELECT 'messaging_mention', n.message_id FROM messaging_mention n
    UNION ALL SELECT 'messaging_attachment', a.message_id FROM messaging_attachment a
    UNION ALL SELECT 'messaging_correction', c.message_id FROM messaging_correction c
    UNION ALL SELECT 'messaging_savedmessage', s.message_id FROM messaging_savedmessage s
) x
WHERE NOT EXISTS (SELECT FROM messaging_message m WHERE m.id = x.message);

-- As a reference: a message goes when nothing hangs on it any more. Only what somebody has saved for
-- themselves goes with it. Whoever hangs something on it meanwhile holds its row until they commit,
-- and is seen here.
CREATE FUNCTION messaging_nothing_hangs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_gone uuid[] := (SELECT array_agg(g.id) FROM gone g);
BEGIN
    DELETE FROM public.messaging_savedmessage s WHERE s.message_id = ANY (v_gone);
    IF EXISTS (SELECT FROM public.messaging_reaction r WHERE r.message_id = ANY (v_gone))
       OR EXISTS (SELECT FROM public.messaging_pin p WHERE p.message_id = ANY (v_gone))
       OR EXISTS (SELECT FROM public.messaging_mention n WHERE n.message_id = ANY (v_gone))
       OR EXISTS (SELECT FROM public.messaging_attachment a WHERE a.message_id = ANY (v_gone))
       OR EXISTS (SELECT FROM public.messaging_correction c WHERE c.message_id = ANY (v_gone)) THEN
        RAISE EXCEPTION 'something hangs on a message that goes'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION messaging_nothing_hangs FROM PUBLIC;

CREATE TRIGGER messaging_message_nothing_hangs AFTER DELETE ON messaging_message
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION messaging_nothing_hangs();
