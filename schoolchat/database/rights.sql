-- Rights that a serving role has and that matter to the log, a line for each role, right and holder:
-- all rights on the log's tables; for the sealer those on any other table, too; functions that do
-- what only the owner may; the making of new things; and the switch that passes triggers. The holder is the role itself, a role of which it is
-- a member, or everybody.
WITH given AS (
    SELECT n.nspname, c.relname, c.relowner AS owner, a.grantee, a.privilege_type AS may,
           CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END
           || quote_ident(c.relname) AS thing
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT grantee, privilege_type FROM aclexplode(c.relacl)
        UNION ALL
        SELECT x.grantee, x.privilege_type || ' (' || quote_ident(t.attname) || ')'
        FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) x
        WHERE t.attrelid = c.oid AND NOT t.attisdropped
    ) a
    WHERE n.nspname IN ('public', 'search') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      -- What an extension brings, and often lets everybody read, is not ours.
      AND NOT EXISTS (
        SELECT FROM pg_depend e
        WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
    UNION ALL
    SELECT NULL, NULL, n.nspowner, a.grantee, a.privilege_type, 'SCHEMA ' || quote_ident(n.nspname)
    FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
    WHERE n.nspname IN ('public', 'search') AND a.privilege_type = 'CREATE'
    UNION ALL
    SELECT NULL, NULL, d.datdba, a.grantee, a.privilege_type, 'DATABASE ' || quote_ident(d.datname)
    FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
    WHERE d.datname = current_database() AND a.privilege_type = 'CREATE'
    UNION ALL
    SELECT NULL, NULL, p.proowner, a.grantee, a.privilege_type,
           'FUNCTION ' || p.oid::regprocedure
    FROM pg_proc p
    CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'search'))
      AND p.prosecdef
    UNION ALL
    SELECT NULL, NULL, 0, a.grantee, a.privilege_type, 'PARAMETER ' || p.parname
    FROM pg_parameter_acl p CROSS JOIN LATERAL aclexplode(p.paracl) a
    WHERE p.parname = 'session_replication_role'
)
SELECT r.rolname::text, g.thing, g.may, coalesce(quote_ident(h.rolname), 'PUBLIC')
FROM given g
LEFT JOIN pg_roles h ON h.oid = g.grantee
JOIN pg_roles r ON r.rolname = ANY (%(serving)s::name[]) AND NOT r.rolsuper
WHERE CASE WHEN g.grantee = 0 THEN true ELSE pg_has_role(r.oid, g.grantee, 'MEMBER') END
  AND g.grantee <> g.owner
  -- That one of ours is a member of another is said once, and not with each of its rights.
  AND (h.rolname IS NULL OR h.rolname = r.rolname OR h.rolname <> ALL (%(ours)s::name[]))
  AND (g.relname IS NULL OR r.rolname = %(sealer)s
       OR g.nspname = 'public' AND g.relname = ANY (%(log)s::name[]))
ORDER BY 4, g.thing, g.may, r.rolname
