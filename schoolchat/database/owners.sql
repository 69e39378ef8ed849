-- Who owns tables of ours and is neither our owner nor a serving role, of which owned.sql tells.
SELECT quote_ident(o.rolname), array_agg(quote_ident(c.relname) ORDER BY c.relname)
FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%(tables)s::name[])
  AND o.rolname <> %(owner)s AND o.rolname <> ALL (%(serving)s::name[])
GROUP BY o.rolname ORDER BY o.rolname
