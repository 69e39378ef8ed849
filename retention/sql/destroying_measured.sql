-- The one door through which content is destroyed, as destroying.sql says of it; what was done to a
-- message without words (reactions, pins, mentions) goes with it, its corrections, its tokens in the
-- search, and that it refers to files. The keys of these stand sealed with its words; the bytes are
-- removed afterwards, when nothing refers to them any more. The chunk counts the files to which
-- nothing refers since.
--
-- That the whole is what was approved is asked at its first chunk and at its last: over thousands of
-- chunks it would be asked of each at each. What stands in the chunk itself is asked every time.
--
-- Chunks of different channels may be destroyed at the same time by several connections: the disposal
-- is only looked at while it is being carried out. Whoever stops it takes the lock of all chunks first.
--
-- Of what goes the chunk keeps the bytes of the sealed versions and the days (UTC) of sending, which
-- the certificate says.
CREATE OR REPLACE FUNCTION retention_destroy(p_disposal bigint, p_chunk integer)
RETURNS public.retention_disposalchunk
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_disposal public.retention_disposal;
    v_chunk public.retention_disposalchunk;
    v_gone uuid[];
    v_kept uuid[];
    v_last boolean;
    v_place record;
    v_tokens text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a disposal runs in READ COMMITTED' USING ERRCODE = 'RT000';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7101);

    SELECT * INTO v_disposal FROM public.retention_disposal d
    WHERE d.number = p_disposal FOR SHARE;
    IF v_disposal.state = 'approved' THEN
        SELECT * INTO v_disposal FROM public.retention_disposal d
        WHERE d.number = p_disposal FOR UPDATE;
    END IF;
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
    v_last := NOT EXISTS (
        SELECT FROM public.retention_disposalchunk c
        WHERE c.disposal_id = p_disposal AND c.done_at IS NULL AND c.number <> p_chunk);
    IF v_chunk.digest <> public.retention_items_digest(v_chunk.id)
       OR ((v_disposal.state = 'approved' OR v_last)
           AND v_disposal.digest <> public.retention_digest(p_disposal)) THEN
        RAISE EXCEPTION 'disposal % is not what was approved', p_disposal USING ERRCODE = 'RT003';
    END IF;

    -- Whoever edits or deletes a message holds its channel's row: nobody does from here on.
    SELECT c.record_class, c.kind, c.id AS channel, c.sensitive INTO v_place
    FROM public.messaging_channel c WHERE c.id = v_chunk.channel_id FOR NO KEY UPDATE;
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

    -- A rebuild of the month holds its keys: it has ended, or waits until this has.
    PERFORM FROM public.messaging_indexkey k
    JOIN public.messaging_searchdomain d ON d.id = k.domain_id
    WHERE d.record_class = v_place.record_class
      AND d.kind = CASE v_place.kind WHEN 'direct' THEN 'direct' ELSE 'channel' END
      AND d.channel IS NOT DISTINCT FROM CASE WHEN v_place.sensitive THEN v_place.channel END
      AND k.month = v_chunk.month
    ORDER BY d.versions FOR KEY SHARE OF k;
    v_tokens := search.table_of(
        v_place.record_class, CASE v_place.kind WHEN 'direct' THEN 'direct' ELSE 'channel' END,
        v_chunk.month);
    IF to_regclass('search.' || v_tokens) IS NOT NULL THEN
        EXECUTE format(
            'DELETE FROM search.%I t USING public.messaging_message m'
            ' WHERE m.id = ANY ($1) AND t.sent_at = m.sent_at AND t.message = m.id', v_tokens)
        USING v_gone || v_kept;
    END IF;

    UPDATE public.messaging_message m SET out_of_view = true WHERE m.id = ANY (v_kept);
    v_chunk.out_of_view := cardinality(v_kept);
    DELETE FROM public.messaging_reaction r WHERE r.message_id = ANY (v_gone);
    DELETE FROM public.messaging_pin p WHERE p.message_id = ANY (v_gone);
    DELETE FROM public.messaging_mention n WHERE n.message_id = ANY (v_gone);
    -- A file is gone with the last message that refers to it: nothing holds its key any more. Of two
    -- chunks that refer to it the later one waits here, and sees what the other has done.
    PERFORM FROM public.messaging_file f
    WHERE f.id IN (SELECT a.file_id FROM public.messaging_attachment a
                   WHERE a.message_id = ANY (v_gone))
    ORDER BY f.id FOR UPDATE;
    WITH gone AS (
        DELETE FROM public.messaging_attachment a WHERE a.message_id = ANY (v_gone)
        RETURNING a.file_id)
    SELECT count(*), coalesce(sum(f.size), 0) INTO v_chunk.files, v_chunk.file_bytes
    FROM public.messaging_file f
    WHERE f.id IN (SELECT g.file_id FROM gone g)
      AND NOT EXISTS (SELECT FROM public.messaging_attachment a
                      WHERE a.file_id = f.id AND a.message_id <> ALL (v_gone));
    DELETE FROM public.messaging_correction n WHERE n.message_id = ANY (v_gone);
    WITH gone AS (
        DELETE FROM public.messaging_messageversion v WHERE v.message_id = ANY (v_gone)
        RETURNING octet_length(v.sealed) AS bytes)
    SELECT count(*), coalesce(sum(g.bytes), 0) INTO v_chunk.versions, v_chunk.bytes FROM gone g;
    WITH gone AS (
        DELETE FROM public.messaging_message m WHERE m.id = ANY (v_gone) RETURNING m.sent_at)
    SELECT count(*), (min(g.sent_at) AT TIME ZONE 'UTC')::date,
           (max(g.sent_at) AT TIME ZONE 'UTC')::date
    INTO v_chunk.destroyed, v_chunk.first_day, v_chunk.last_day FROM gone g;

    IF NOT EXISTS (
        SELECT FROM public.retention_disposalchunk c
        WHERE c.disposal_id = p_disposal AND c.number <> p_chunk AND c.done_at IS NULL
          AND c.channel_id = v_chunk.channel_id AND c.month = v_chunk.month) THEN
        IF EXISTS (
            SELECT FROM public.messaging_contentkey k
            WHERE k.channel_id = v_chunk.channel_id AND k.month = v_chunk.month
              AND NOT k.current
              AND (EXISTS (SELECT FROM public.messaging_messageversion v WHERE v.key_id = k.id)
                OR EXISTS (SELECT FROM public.messaging_correction n WHERE n.key_id = k.id))) THEN
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
        keys = v_chunk.keys, files = v_chunk.files, file_bytes = v_chunk.file_bytes,
        bytes = v_chunk.bytes, first_day = v_chunk.first_day, last_day = v_chunk.last_day
    WHERE c.id = v_chunk.id;
    UPDATE public.retention_disposal d
    SET state = 'executing', started_at = coalesce(d.started_at, v_chunk.done_at)
    WHERE d.number = p_disposal AND (d.state <> 'executing' OR d.started_at IS NULL);
    RETURN v_chunk;
END
$$;
