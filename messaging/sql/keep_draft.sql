-- The draft of a person in a channel; what was written before the one that is kept is left out.
INSERT INTO messaging_keptdraft AS kept (key_id, channel_id, generation, wrapped, sealed, changed_at)
VALUES (%(key)s, %(channel)s, %(generation)s, %(wrapped)s, %(sealed)s, %(written_at)s)
ON CONFLICT (key_id, channel_id) DO UPDATE
SET generation = excluded.generation, wrapped = excluded.wrapped, sealed = excluded.sealed,
    changed_at = excluded.changed_at
WHERE kept.changed_at <= excluded.changed_at
