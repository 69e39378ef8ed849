-- Packs a month's GIN index, when it has grown out of proportion; returns whether it did.
--
-- Fresh tokens pass through the index's pending list, whose pages stay in the file when the list is
-- emptied: after a bulk they are four fifths of it. An index that is built at once is less than half
-- as large as the rows. Gives up after two seconds with lock_not_available; while it runs, a second
-- for 100,000 messages, nobody searches or writes that month.
CREATE FUNCTION search.pack_month(p_class text, p_kind text, p_month date) RETURNS boolean
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
SET maintenance_work_mem = '128MB'
AS $$
DECLARE
    v_name text := search.table_of(p_class, p_kind, p_month);
    v_table regclass := to_regclass('search.' || v_name);
    v_index regclass := to_regclass('search.' || v_name || '_tok');
    c_small constant bigint := 1048576;
BEGIN
    IF v_index IS NULL OR pg_relation_size(v_index) < c_small
       OR pg_relation_size(v_index) * 4 < pg_relation_size(v_table) * 3 THEN
        RETURN false;
    END IF;
    EXECUTE format('REINDEX INDEX search.%I', v_name || '_tok');
    RETURN true;
END
$$;

REVOKE ALL ON FUNCTION search.pack_month FROM PUBLIC;

DO $$
DECLARE
    v_role name;
BEGIN
    FOR v_role IN SELECT rolname FROM pg_roles WHERE rolname IN
        ('schoolchat_worker', 'schoolchat_disposer')
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION search.pack_month TO %I', v_role);
    END LOOP;
END
$$;
