-- Which of our roles there are, and what each may do on the whole server that it should not.
SELECT rolname::text, array_remove(ARRAY[
    CASE WHEN rolsuper THEN 'SUPERUSER' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN rolcreatedb AND rolname <> %(owner)s THEN 'CREATEDB' END,
    CASE WHEN rolreplication THEN 'REPLICATION' END], NULL)
FROM pg_roles WHERE rolname = ANY (%(ours)s::name[]) ORDER BY rolname
