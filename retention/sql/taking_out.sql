-- Takes a channel's part out of a proposal that nobody has approved, with a digest of what is left;
-- answers how many messages that was which nothing held: what is held is told to nobody.
CREATE OR REPLACE FUNCTION retention_take_out(p_disposal bigint, p_channel uuid) RETURNS integer
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_taken integer;
BEGIN
    PERFORM FROM public.retention_disposal d
    WHERE d.number = p_disposal AND d.state = 'proposed' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'disposal % is not open', p_disposal USING ERRCODE = 'RT001';
    END IF;
    WITH taken AS (
        DELETE FROM public.retention_disposalitem i USING public.retention_disposalchunk c
        WHERE c.id = i.chunk_id AND c.disposal_id = p_disposal AND c.channel_id = p_channel
        RETURNING i.held
    )
    SELECT count(*) FILTER (WHERE NOT t.held) INTO v_taken FROM taken t;
    DELETE FROM public.retention_disposalchunk c
    WHERE c.disposal_id = p_disposal AND c.channel_id = p_channel;
    UPDATE public.retention_disposal d
    SET digest = public.retention_digest(p_disposal), due = n.due, held = n.held
    FROM (SELECT count(*) FILTER (WHERE NOT i.held) AS due, count(*) FILTER (WHERE i.held) AS held
          FROM public.retention_disposalitem i
          JOIN public.retention_disposalchunk c ON c.id = i.chunk_id
          WHERE c.disposal_id = p_disposal) n
    WHERE d.number = p_disposal;
    RETURN v_taken;
END
$$;
