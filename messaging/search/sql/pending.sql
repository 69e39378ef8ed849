-- A month that stands is opened by one look, and its pending list is emptied by a job.
--
-- Fresh tokens go into the GIN index's pending list. The insert that fills it must move it into
-- the index proper, some 100 ms in the middle of a commit: so it may grow far beyond what comes
-- between two runs of the worker's job. Autovacuum empties it as well, should no worker run.

CREATE OR REPLACE FUNCTION search.make_month(p_class text, p_kind text, p_month date) RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name text := search.table_of(p_class, p_kind, p_month);
    v_role name;
BEGIN
    IF to_regclass('search.' || v_name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('search ' || v_name, 0));
    -- Asked of the catalogue itself: to_regclass may still remember that there was no table.
    IF EXISTS (SELECT FROM pg_class WHERE relname = v_name
               AND relnamespace = 'search'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE search.%I ('
        ' message uuid NOT NULL, version integer NOT NULL, domain smallint NOT NULL,'
        ' sent_at timestamptz NOT NULL, channel uuid NOT NULL, author uuid,'
        ' tok integer[] NOT NULL)', v_name);
    EXECUTE format(
        'CREATE INDEX %I ON search.%I USING gin (tok)'
        ' WITH (fastupdate = on, gin_pending_list_limit = 131072)', v_name || '_tok', v_name);
    EXECUTE format(
        'CREATE INDEX %I ON search.%I (sent_at, message, version)', v_name || '_page', v_name);
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN
        ('schoolchat_web', 'schoolchat_worker', 'schoolchat_disposer')
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON search.%I TO %I', v_name, v_role);
    END LOOP;
END
$$;

-- As in months.sql, but where domain, key and table stand, which is nearly always, one look at
-- them is all.
CREATE OR REPLACE FUNCTION search.open_month(
    p_class text, p_kind text, p_channel uuid, p_versions boolean, p_month date,
    OUT domain smallint, OUT index_key uuid, OUT generation integer, OUT wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name text := p_class || ':' || p_kind || coalesce(':' || p_channel, '')
                   || CASE WHEN p_versions THEN ':versions' ELSE '' END;
    v_table text := 't_' || p_class || '_' || p_kind || '_' || to_char(p_month, 'YYYYMM');
BEGIN
    SELECT d.id, k.id, k.generation, k.wrapped INTO domain, index_key, generation, wrapped
    FROM public.messaging_searchdomain d
    JOIN public.messaging_indexkey k ON k.domain_id = d.id AND k.month = p_month
    WHERE d.name = v_name FOR KEY SHARE OF k;
    -- A database that was restored has keys and no tables.
    IF FOUND AND to_regclass('search.' || quote_ident(v_table)) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM search.make_month(p_class, p_kind, p_month);
    SELECT d.id INTO domain FROM public.messaging_searchdomain d WHERE d.name = v_name;
    IF domain IS NULL THEN
        INSERT INTO public.messaging_searchdomain (name, record_class, kind, channel, versions)
        VALUES (v_name, p_class, p_kind, p_channel, p_versions)
        ON CONFLICT (name) DO NOTHING;
        SELECT d.id INTO domain FROM public.messaging_searchdomain d WHERE d.name = v_name;
    END IF;
    -- Twice: when the first waited for a rebuild, the row that it waited for is gone and the
    -- fresh one is seen only by a new statement.
    FOR i IN 1..2 LOOP
        SELECT k.id, k.generation, k.wrapped INTO index_key, generation, wrapped
        FROM public.messaging_indexkey k
        WHERE k.domain_id = domain AND k.month = p_month FOR KEY SHARE;
        EXIT WHEN FOUND;
    END LOOP;
END
$$;

-- The months that stand.
DO $$
DECLARE
    v_index name;
BEGIN
    FOR v_index IN SELECT c.relname FROM pg_class c JOIN pg_am a ON a.oid = c.relam
        WHERE c.relnamespace = 'search'::regnamespace AND a.amname = 'gin'
    LOOP
        EXECUTE format('ALTER INDEX search.%I SET (gin_pending_list_limit = 131072)', v_index);
    END LOOP;
END
$$;
