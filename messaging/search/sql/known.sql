-- Which months of which domains have an index: written beside each key, and taken away only by the
-- functions that retire a key or drop a month. A key whose row is lost leaves its month known.

CREATE FUNCTION search.know_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO public.messaging_indexedmonth (domain_id, month)
    VALUES (NEW.domain_id, NEW.month) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER messaging_indexkey_known AFTER INSERT ON public.messaging_indexkey
FOR EACH ROW EXECUTE FUNCTION search.know_month();

INSERT INTO public.messaging_indexedmonth (domain_id, month)
SELECT k.domain_id, k.month FROM public.messaging_indexkey k;

-- As in months.sql, and the month is known no more.
CREATE OR REPLACE FUNCTION search.retire_key(p_domain smallint, p_month date) RETURNS void
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
    DELETE FROM public.messaging_indexedmonth n WHERE n.domain_id = p_domain AND n.month = p_month;
END
$$;

CREATE OR REPLACE FUNCTION search.drop_month(p_class text, p_kind text, p_month date) RETURNS void
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
    DELETE FROM public.messaging_indexedmonth n USING public.messaging_searchdomain d
    WHERE d.id = n.domain_id AND d.record_class = p_class AND d.kind = p_kind AND n.month = p_month;
    EXECUTE format('DROP TABLE IF EXISTS search.%I', v_name);
END
$$;

REVOKE ALL ON FUNCTION search.know_month FROM PUBLIC;
