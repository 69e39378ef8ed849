-- Until the migration 0034 what an upheld objection took out was counted with what was held of it.
-- The items are gone, so that nobody can count again: of what is not certified yet it is not known.
UPDATE retention_exclusion e SET messages = NULL
FROM retention_disposal d
WHERE d.number = e.disposal_id AND d.state <> 'done' AND e.reason = 'objection' AND EXISTS (
    SELECT FROM retention_objection o
    WHERE o.disposal_id = d.number AND o.upheld AND o.decided_at < coalesce((
        SELECT min(m.applied) FROM django_migrations m
        WHERE m.app = 'retention' AND m.name = '0034_count_what_is_not_held'), now()))
