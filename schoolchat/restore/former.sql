-- Everything of ours out of a database that holds nothing yet, so that its tables can be made anew as
-- they were when a backup was made. What an extension brought stays.
DO $$
DECLARE
    v_drop text;
BEGIN
    FOREACH v_drop IN ARRAY ARRAY(
        SELECT format('DROP SCHEMA %I CASCADE', n.nspname) FROM pg_namespace n
        WHERE n.nspname = 'search'
        UNION ALL
        SELECT format('DROP %s IF EXISTS %s CASCADE',
                      CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass)
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
    LOOP
        EXECUTE v_drop;
    END LOOP;
    FOREACH v_drop IN ARRAY ARRAY(
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('DROP TYPE IF EXISTS %s CASCADE', t.oid::regtype) FROM pg_type t
        LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = 'public'::regnamespace
          AND (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e'))
    LOOP
        EXECUTE v_drop;
    END LOOP;
END
$$
