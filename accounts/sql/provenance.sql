-- The one row that says what this database was made for is written once. Whether the second factor
-- is asked for depends on it, so nobody may turn a school into a demonstration afterwards.
CREATE FUNCTION accounts_provenance_unalterable() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'accounts_provenance is written once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER accounts_provenance_unalterable
    BEFORE UPDATE OR DELETE ON accounts_provenance
    FOR EACH ROW EXECUTE FUNCTION accounts_provenance_unalterable();

CREATE TRIGGER accounts_provenance_no_truncate
    BEFORE TRUNCATE ON accounts_provenance
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_provenance_unalterable();
