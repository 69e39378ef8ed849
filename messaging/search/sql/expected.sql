-- By channel and month (UTC): how many texts the index must hold of what members can still read, and
-- how many earlier and deleted ones.
SELECT m.channel_id, date_trunc('month', m.sent_at AT TIME ZONE 'UTC')::date,
       count(*) FILTER (WHERE m.deleted_at IS NULL),
       sum(m.version) - count(*) FILTER (WHERE m.deleted_at IS NULL)
FROM messaging_message m
WHERE NOT m.out_of_view AND m.kind <> 'system'
GROUP BY 1, 2
