-- Beside its tokens each row has the bytes of its pairs of words in a row: pairs.py. Rows that were
-- indexed before have none, until their month is indexed anew.

DO $$
DECLARE
    v_table name;
BEGIN
    FOR v_table IN SELECT relname FROM pg_class
        WHERE relnamespace = 'search'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('ALTER TABLE search.%I ADD COLUMN IF NOT EXISTS pairs bytea', v_table);
    END LOOP;
END
$$;

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
        ' tok integer[] NOT NULL, pairs bytea)', v_name);
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
