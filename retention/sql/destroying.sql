-- What is held, and the one door through which content is destroyed.

-- Every message that an open hold covers, by hold: what is in its channel, what its person wrote,
-- and the direct conversations that its person was ever in.
CREATE VIEW retention_held AS
SELECT m.id AS message, h.number AS hold
FROM messaging_message m
JOIN messaging_channel c ON c.id = m.channel_id
JOIN retention_hold h ON h.released_at IS NULL
    AND (h.channel_id IS NULL OR h.channel_id = m.channel_id)
    AND (h.person_id IS NULL OR h.person_id = m.author_id
         OR (c.kind = 'direct' AND EXISTS (
                SELECT FROM messaging_membership s
                WHERE s.channel_id = m.channel_id AND s.person_id = h.person_id)));

-- The rule of a record class: its newest version, or that of 'routine' where it has none.
CREATE FUNCTION retention_rule(p_class text) RETURNS public.retention_policy
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p FROM public.retention_policy p
    WHERE p.record_class IN (p_class, 'routine')
    ORDER BY p.record_class <> p_class, p.version DESC LIMIT 1
$$;

-- The digest of a chunk's items, as its proposer and its approver saw them.
CREATE FUNCTION retention_items_digest(p_chunk bigint) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        i.message::text || CASE WHEN i.held THEN ' held' ELSE ' due' END,
        E'\n' ORDER BY i.message), ''), 'UTF8')), 'hex')
    FROM public.retention_disposalitem i WHERE i.chunk_id = p_chunk
$$;

-- The digest of a whole disposal: over the digests of its chunks in their order.
CREATE FUNCTION retention_digest(p_disposal bigint) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        c.number || ' ' || c.channel_id || to_char(c.month, ' YYYY-MM-DD ') || c.digest,
        E'\n' ORDER BY c.number), ''), 'UTF8')), 'hex')
    FROM public.retention_disposalchunk c WHERE c.disposal_id = p_disposal
$$;

-- What would become of each message of a chunk now: whether its class, its rule's period and the
-- holds let it be destroyed, let it only leave the conversation, or spare it.
CREATE FUNCTION retention_outcomes(p_chunk bigint) RETURNS TABLE (message uuid, outcome text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT i.message, CASE
        WHEN m.id IS NULL OR m.channel_id <> c.channel_id OR h.record_class <> d.record_class
             OR r.action <> 'dispose'
             OR m.sent_at >= d.cut_off::timestamp AT TIME ZONE 'UTC'
             OR m.sent_at >= (date_trunc('month', now() AT TIME ZONE 'UTC')
                              - make_interval(months => r.months)) AT TIME ZONE 'UTC'
            THEN 'spared'
        WHEN i.held OR EXISTS (SELECT FROM public.retention_held x WHERE x.message = i.message)
            THEN 'out_of_view'
        ELSE 'destroyed' END
    FROM public.retention_disposalchunk c
    JOIN public.retention_disposal d ON d.number = c.disposal_id
    JOIN public.messaging_channel h ON h.id = c.channel_id
    CROSS JOIN LATERAL public.retention_rule(d.record_class) r
    JOIN public.retention_disposalitem i ON i.chunk_id = c.id
    LEFT JOIN public.messaging_message m ON m.id = i.message
    WHERE c.id = p_chunk
$$;

-- Destroys one chunk of an approved disposal. It takes numbers, never ids of messages, and asks
-- everything anew: approval, digest, due date, class and holds. What is held leaves the
-- conversation in the same transaction; what is not due any more is spared. The last chunk of a
-- channel's month destroys the retired content keys, and refuses while anything is sealed under
-- one. The chunk takes one position of the channel, which becomes its floor.
CREATE FUNCTION retention_destroy(p_disposal bigint, p_chunk integer)
RETURNS public.retention_disposalchunk
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_disposal public.retention_disposal;
    v_chunk public.retention_disposalchunk;
    v_gone uuid[];
    v_kept uuid[];
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a disposal runs in READ COMMITTED' USING ERRCODE = 'RT000';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7101);

    SELECT * INTO v_disposal FROM public.retention_disposal d
    WHERE d.number = p_disposal FOR UPDATE;
    IF NOT FOUND OR v_disposal.state NOT IN ('approved', 'executing')
       OR v_disposal.approved_by_id IS NULL
       OR v_disposal.approved_by_id IS NOT DISTINCT FROM v_disposal.proposed_by_id THEN
        RAISE EXCEPTION 'disposal % is not approved', p_disposal USING ERRCODE = 'RT001';
    END IF;
    SELECT * INTO v_chunk FROM public.retention_disposalchunk c
    WHERE c.disposal_id = p_disposal AND c.number = p_chunk FOR UPDATE;
    IF NOT FOUND OR v_chunk.done_at IS NOT NULL THEN
        RAISE EXCEPTION 'disposal % has no chunk % to do', p_disposal, p_chunk
            USING ERRCODE = 'RT002';
    END IF;
    IF v_chunk.digest <> public.retention_items_digest(v_chunk.id)
       OR v_disposal.digest <> public.retention_digest(p_disposal) THEN
        RAISE EXCEPTION 'disposal % is not what was approved', p_disposal USING ERRCODE = 'RT003';
    END IF;

    -- Whoever edits or deletes a message holds its channel's row: nobody does from here on.
    PERFORM FROM public.messaging_channel c WHERE c.id = v_chunk.channel_id FOR NO KEY UPDATE;
    UPDATE public.retention_disposalitem i SET outcome = o.outcome
    FROM public.retention_outcomes(v_chunk.id) o
    WHERE i.chunk_id = v_chunk.id AND i.message = o.message;
    SELECT coalesce(array_agg(i.message) FILTER (WHERE i.outcome = 'destroyed'), '{}'),
           coalesce(array_agg(i.message) FILTER (WHERE i.outcome = 'out_of_view'), '{}'),
           count(*) FILTER (WHERE i.outcome = 'spared')
    INTO v_gone, v_kept, v_chunk.spared
    FROM public.retention_disposalitem i WHERE i.chunk_id = v_chunk.id;
    IF cardinality(v_gone) + cardinality(v_kept) > 0 THEN
        UPDATE public.messaging_channel c SET head = head + 1, floor = head + 1
        WHERE c.id = v_chunk.channel_id RETURNING c.head INTO v_chunk.position;
    END IF;

    UPDATE public.messaging_message m SET out_of_view = true WHERE m.id = ANY (v_kept);
    v_chunk.out_of_view := cardinality(v_kept);
    DELETE FROM public.messaging_messageversion v WHERE v.message_id = ANY (v_gone);
    GET DIAGNOSTICS v_chunk.versions = ROW_COUNT;
    DELETE FROM public.messaging_message m WHERE m.id = ANY (v_gone);
    GET DIAGNOSTICS v_chunk.destroyed = ROW_COUNT;

    IF NOT EXISTS (
        SELECT FROM public.retention_disposalchunk c
        WHERE c.disposal_id = p_disposal AND c.number <> p_chunk AND c.done_at IS NULL
          AND c.channel_id = v_chunk.channel_id AND c.month = v_chunk.month) THEN
        IF EXISTS (
            SELECT FROM public.messaging_contentkey k
            JOIN public.messaging_messageversion v ON v.key_id = k.id
            WHERE k.channel_id = v_chunk.channel_id AND k.month = v_chunk.month
              AND NOT k.current) THEN
            RAISE EXCEPTION 'something is still sealed under a key that goes'
                USING ERRCODE = 'RT004';
        END IF;
        DELETE FROM public.messaging_contentkey k
        WHERE k.channel_id = v_chunk.channel_id AND k.month = v_chunk.month AND NOT k.current;
        GET DIAGNOSTICS v_chunk.keys = ROW_COUNT;
    END IF;

    v_chunk.done_at := date_trunc('milliseconds', clock_timestamp());
    UPDATE public.retention_disposalchunk c
    SET done_at = v_chunk.done_at, position = v_chunk.position, destroyed = v_chunk.destroyed,
        versions = v_chunk.versions, out_of_view = v_chunk.out_of_view, spared = v_chunk.spared,
        keys = v_chunk.keys
    WHERE c.id = v_chunk.id;
    UPDATE public.retention_disposal d
    SET state = 'executing', started_at = coalesce(d.started_at, v_chunk.done_at)
    WHERE d.number = p_disposal;
    RETURN v_chunk;
END
$$;

REVOKE ALL ON FUNCTION retention_destroy FROM PUBLIC;

-- Whoever may propose cannot thereby approve: a row begins in its first state, with nobody's
-- approval.
CREATE FUNCTION retention_begins_open() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.state <> TG_ARGV[0] OR NEW.approved_by_id IS NOT NULL THEN
        RAISE EXCEPTION '% begins %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER retention_disposal_begins BEFORE INSERT ON retention_disposal
    FOR EACH ROW EXECUTE FUNCTION retention_begins_open('proposed');
CREATE TRIGGER retention_export_begins BEFORE INSERT ON retention_export
    FOR EACH ROW EXECUTE FUNCTION retention_begins_open('requested');
