-- What serving roles own of this database, and the database itself.
SELECT r.rolname::text, array_agg(o.type || ' ' || o.identity ORDER BY o.type DESC, o.identity)
FROM pg_shdepend d
JOIN pg_roles r ON r.oid = d.refobjid AND r.rolname = ANY (%(serving)s::name[])
JOIN pg_database here ON here.datname = current_database()
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o
WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND o.identity IS NOT NULL
  AND (d.dbid = here.oid OR d.classid = 'pg_database'::regclass AND d.objid = here.oid)
  AND coalesce(o.schema, '') !~ '^pg_temp'  -- what a session made for itself goes with it
GROUP BY r.rolname
ORDER BY r.rolname
