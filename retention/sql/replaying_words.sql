-- The second door through which content is destroyed: what was destroyed before a restore brought it
-- back. It takes the number of a row that was read out of the journal, never ids, and is nobody's to
-- execute: the owner's role is given it while a restore goes on, before anybody can sign in, and loses
-- it at the end (retention/replaying/).
--
-- There is no due date to ask for, and no approval: the batch was approved, and was destroyed. What is
-- asked is that the ids are those that were approved (their digest), that they are of that channel, and
-- that no hold stood on any of them when it was destroyed. Of a hold by words that is what matches them:
-- which of the others had been held against its words then, a backup may not know any more, and all that
-- it covers would stand as held. The door that destroyed them had asked. Then it is the same as
-- retention_destroy: what was held leaves the conversation, the rest is gone. Keys on which nothing
-- hangs any more go as well; a key on which something hangs was destroyed, too, and opens nothing.
CREATE OR REPLACE FUNCTION retention_replay(p_replay bigint) RETURNS public.retention_replay
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_replay public.retention_replay;
    v_due uuid[];
    v_held uuid[];
    v_out_of_view uuid[];
    v_spared uuid[];
    v_gone uuid[];
    v_kept uuid[];
    v_keys bigint[];
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a disposal runs in READ COMMITTED' USING ERRCODE = 'RT000';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7101);

    SELECT * INTO v_replay FROM public.retention_replay r WHERE r.id = p_replay FOR UPDATE;
    IF NOT FOUND OR v_replay.kind <> 'replay' OR v_replay.replayed_at IS NOT NULL THEN
        RAISE EXCEPTION 'there is no replay % to do', p_replay USING ERRCODE = 'RT002';
    END IF;
    v_due := ARRAY(SELECT jsonb_array_elements_text(v_replay.due)::uuid);
    v_held := ARRAY(SELECT jsonb_array_elements_text(v_replay.held)::uuid);
    v_out_of_view := ARRAY(SELECT jsonb_array_elements_text(v_replay.out_of_view)::uuid);
    v_spared := ARRAY(SELECT jsonb_array_elements_text(v_replay.spared)::uuid);
    IF v_replay.digest <> (
        SELECT encode(sha256(convert_to(coalesce(string_agg(
            i.message::text || i.how, E'\n' ORDER BY i.message), ''), 'UTF8')), 'hex')
        FROM (SELECT unnest(v_due) AS message, ' due' AS how
              UNION ALL SELECT unnest(v_held), ' held') i) THEN
        RAISE EXCEPTION 'replay % is not what was approved', p_replay USING ERRCODE = 'RT003';
    END IF;

    PERFORM FROM public.messaging_channel c WHERE c.id = v_replay.channel FOR NO KEY UPDATE;
    SELECT coalesce(array_agg(m.id) FILTER (WHERE m.id <> ALL (v_out_of_view)), '{}'),
           coalesce(array_agg(m.id) FILTER (WHERE m.id = ANY (v_out_of_view)
                                                  AND NOT m.out_of_view), '{}')
    INTO v_gone, v_kept
    FROM public.messaging_message m
    WHERE m.id = ANY (v_due || v_held) AND m.id <> ALL (v_spared)
      AND m.channel_id = v_replay.channel;
    -- What was held when its chunk was done was not destroyed then, whatever the journal says.
    IF EXISTS (
        SELECT FROM public.retention_held x
        JOIN public.retention_hold h ON h.number = x.hold
        WHERE x.message = ANY (v_gone) AND h.placed_at < v_replay.at
          AND (NOT h.by_words OR EXISTS (
                SELECT FROM public.retention_holdmatch n
                WHERE n.hold_id = h.number AND n.message = x.message))) THEN
        RAISE EXCEPTION 'something in replay % was held', p_replay USING ERRCODE = 'RT005';
    END IF;
    IF cardinality(v_gone) + cardinality(v_kept) > 0 THEN
        UPDATE public.messaging_channel c SET head = head + 1, floor = head + 1
        WHERE c.id = v_replay.channel RETURNING c.head INTO v_replay.position;
    END IF;

    UPDATE public.messaging_message m SET out_of_view = true WHERE m.id = ANY (v_kept);
    v_replay.left_view := cardinality(v_kept);
    SELECT coalesce(array_agg(DISTINCT k.id), '{}') INTO v_keys
    FROM public.messaging_contentkey k
    WHERE k.id IN (SELECT v.key_id FROM public.messaging_messageversion v
                   WHERE v.message_id = ANY (v_gone)
                   UNION ALL
                   SELECT n.key_id FROM public.messaging_correction n
                   WHERE n.message_id = ANY (v_gone));
    DELETE FROM public.messaging_reaction r WHERE r.message_id = ANY (v_gone);
    DELETE FROM public.messaging_pin p WHERE p.message_id = ANY (v_gone);
    DELETE FROM public.messaging_mention n WHERE n.message_id = ANY (v_gone);
    DELETE FROM public.messaging_attachment a WHERE a.message_id = ANY (v_gone);
    DELETE FROM public.messaging_correction n WHERE n.message_id = ANY (v_gone);
    DELETE FROM public.messaging_messageversion v WHERE v.message_id = ANY (v_gone);
    GET DIAGNOSTICS v_replay.versions = ROW_COUNT;
    DELETE FROM public.messaging_message m WHERE m.id = ANY (v_gone);
    GET DIAGNOSTICS v_replay.destroyed = ROW_COUNT;
    DELETE FROM public.messaging_contentkey k
    WHERE k.id = ANY (v_keys)
      AND NOT EXISTS (SELECT FROM public.messaging_messageversion v WHERE v.key_id = k.id)
      AND NOT EXISTS (SELECT FROM public.messaging_correction n WHERE n.key_id = k.id);

    v_replay.replayed_at := date_trunc('milliseconds', clock_timestamp());
    UPDATE public.retention_replay r
    SET replayed_at = v_replay.replayed_at, position = v_replay.position,
        left_view = v_replay.left_view, versions = v_replay.versions,
        destroyed = v_replay.destroyed
    WHERE r.id = v_replay.id;
    RETURN v_replay;
END
$$;

REVOKE ALL ON FUNCTION retention_replay FROM CURRENT_USER;
