-- What a serving role can become beside itself: another of our roles, one with rights over the whole
-- server, or one that PostgreSQL lets at all tables or at the server's files.
SELECT DISTINCT r.rolname::text, quote_ident(through.rolname), quote_ident(other.rolname)
FROM pg_roles r
JOIN pg_auth_members m ON m.member = r.oid
JOIN pg_roles through ON through.oid = m.roleid
JOIN pg_roles other ON pg_has_role(through.oid, other.oid, 'MEMBER')
WHERE r.rolname = ANY (%(serving)s::name[]) AND NOT r.rolsuper
  -- A superuser counts as a member of every role there is.
  AND (other.oid = through.oid OR NOT through.rolsuper)
  AND (other.rolname = ANY (%(ours)s::name[])
       OR other.rolsuper OR other.rolbypassrls OR other.rolcreaterole OR other.rolcreatedb
       OR other.rolreplication
       OR other.rolname IN ('pg_write_all_data', 'pg_execute_server_program',
                            'pg_read_server_files', 'pg_write_server_files')
       OR other.rolname = 'pg_read_all_data' AND r.rolname = %(sealer)s)
ORDER BY 1, 2, 3
