-- The triggers of the log that are not there, do something else, or are switched off, each with the
-- statement that makes it. Tables that no migration has made yet want none.
WITH closed (name) AS (
    VALUES ('audit_entry'), ('audit_item'), ('audit_leaf'), ('audit_tile'), ('audit_origin'),
           ('audit_checkpoint')
),
-- `kind` as pg_trigger.tgtype has it: 1 each row, 2 before, 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE.
wanted (log, name, kind, calls, definition) AS (
    SELECT name, name || '_rows', 1 + 2 + 8 + 16, 'audit_refuse',
           'BEFORE UPDATE OR DELETE ON ' || name || ' FOR EACH ROW'
    FROM closed
    UNION ALL
    SELECT name, name || '_table', 2 + 32, 'audit_refuse',
           'BEFORE TRUNCATE ON ' || name || ' FOR EACH STATEMENT'
    FROM closed
    UNION ALL
    SELECT 'audit_entry', 'audit_entry_queued', 4, 'audit_queue',
           'AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS written FOR EACH STATEMENT'
    WHERE to_regclass('public.audit_unsealed') IS NOT NULL
)
SELECT w.log, w.name, t.oid IS NOT NULL AS is_there,
       format('CREATE OR REPLACE TRIGGER %I %s EXECUTE FUNCTION %I()', w.name, w.definition, w.calls)
FROM wanted w
JOIN pg_class c ON c.relname = w.log AND c.relnamespace = 'public'::regnamespace
LEFT JOIN pg_trigger t
    ON t.tgrelid = c.oid AND t.tgname = w.name AND t.tgtype = w.kind
    AND t.tgfoid = to_regproc('public.' || w.calls) AND t.tgqual IS NULL AND t.tgattr::text = ''
WHERE t.oid IS NULL OR t.tgenabled NOT IN ('O', 'A')
ORDER BY w.log, w.name
