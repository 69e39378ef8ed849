-- The months of the search: tables of keyed tokens, one a record class, kind and month.
--
-- They are plain tables without a parent, and nothing refers to them, so that a month goes by
-- DROP TABLE. They are made, emptied and dropped only by the functions below, which run as the
-- owner with a fixed search_path and check every argument.

CREATE SCHEMA search;

-- The name of a month's table. Raises on anything but a plain class, a known kind and the first
-- day of a month, so no argument can name another table.
CREATE FUNCTION search.table_of(p_class text, p_kind text, p_month date) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_class !~ '^[a-z][a-z0-9_]{0,39}$' THEN
        RAISE EXCEPTION 'not a record class' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_kind NOT IN ('channel', 'direct') THEN
        RAISE EXCEPTION 'not a kind of channel' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF extract(day FROM p_month) <> 1
       OR p_month NOT BETWEEN DATE '1970-01-01' AND DATE '2199-12-01' THEN
        RAISE EXCEPTION 'not the first day of a month' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN format('t_%s_%s_%s', p_class, p_kind,
                  extract(year FROM p_month) * 100 + extract(month FROM p_month));
END
$$;

-- Makes a month's table unless it stands. The advisory lock lets two first messages of a month
-- wait for each other instead of failing.
CREATE FUNCTION search.make_month(p_class text, p_kind text, p_month date) RETURNS void
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
    -- The pending list is short: every search reads it from end to end.
    EXECUTE format(
        'CREATE INDEX %I ON search.%I USING gin (tok)'
        ' WITH (fastupdate = on, gin_pending_list_limit = 256)', v_name || '_tok', v_name);
    EXECUTE format(
        'CREATE INDEX %I ON search.%I (sent_at, message, version)', v_name || '_page', v_name);
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN
        ('schoolchat_web', 'schoolchat_worker', 'schoolchat_disposer')
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON search.%I TO %I', v_name, v_role);
    END LOOP;
END
$$;

-- Makes ready to index texts of one domain and month, and returns the domain's id and its key,
-- the key's row locked FOR KEY SHARE: until the caller commits, nobody can retire that key.
-- `index_key` is null where none exists yet; the caller makes one and calls again.
CREATE FUNCTION search.open_month(
    p_class text, p_kind text, p_channel uuid, p_versions boolean, p_month date,
    OUT domain smallint, OUT index_key uuid, OUT generation integer, OUT wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name text := p_class || ':' || p_kind || coalesce(':' || p_channel, '')
                   || CASE WHEN p_versions THEN ':versions' ELSE '' END;
BEGIN
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

-- Removes one domain's tokens, vocabulary and key of a month. Waits for writers under that key.
CREATE FUNCTION search.retire_key(p_domain smallint, p_month date) RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key uuid;
    v_name text;
BEGIN
    SELECT search.table_of(d.record_class, d.kind, p_month) INTO v_name
    FROM public.messaging_searchdomain d WHERE d.id = p_domain;
    SELECT k.id INTO v_key FROM public.messaging_indexkey k
    WHERE k.domain_id = p_domain AND k.month = p_month FOR UPDATE;
    DELETE FROM public.messaging_vocabulary v WHERE v.key_id = v_key;
    IF to_regclass('search.' || v_name) IS NOT NULL THEN
        EXECUTE format('DELETE FROM search.%I WHERE domain = $1', v_name) USING p_domain;
    END IF;
    DELETE FROM public.messaging_indexkey k WHERE k.id = v_key;
END
$$;

-- Drops a month of a class and kind with the keys and vocabularies of all its domains. Gives up
-- after two seconds with lock_not_available; the caller tries again.
CREATE FUNCTION search.drop_month(p_class text, p_kind text, p_month date) RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
    v_name text := search.table_of(p_class, p_kind, p_month);
    v_keys uuid[];
BEGIN
    SELECT array_agg(locked.id) INTO v_keys FROM (
        SELECT k.id FROM public.messaging_indexkey k
        JOIN public.messaging_searchdomain d ON d.id = k.domain_id
        WHERE d.record_class = p_class AND d.kind = p_kind AND k.month = p_month
        ORDER BY k.id FOR UPDATE OF k) locked;
    DELETE FROM public.messaging_vocabulary v WHERE v.key_id = ANY (v_keys);
    DELETE FROM public.messaging_indexkey k WHERE k.id = ANY (v_keys);
    EXECUTE format('DROP TABLE IF EXISTS search.%I', v_name);
END
$$;

-- Moves a month's pending GIN entries into the index proper; returns the pages moved.
CREATE FUNCTION search.flush_month(p_class text, p_kind text, p_month date) RETURNS bigint
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_index regclass := to_regclass(
        'search.' || search.table_of(p_class, p_kind, p_month) || '_tok');
BEGIN
    RETURN coalesce(gin_clean_pending_list(v_index), 0);
END
$$;

REVOKE ALL ON SCHEMA search FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA search FROM PUBLIC;

-- Anybody who indexes may open a month, since a message may be the first of one; only the
-- worker and the disposer may take anything away.
DO $$
DECLARE
    v_role name;
BEGIN
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN
        ('schoolchat_web', 'schoolchat_worker', 'schoolchat_disposer')
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA search TO %I', v_role);
        EXECUTE format('GRANT EXECUTE ON FUNCTION search.open_month, search.make_month,'
                       ' search.table_of TO %I', v_role);
    END LOOP;
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN
        ('schoolchat_worker', 'schoolchat_disposer')
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION search.retire_key, search.drop_month,'
                       ' search.flush_month TO %I', v_role);
    END LOOP;
END
$$;
