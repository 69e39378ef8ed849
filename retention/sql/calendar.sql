-- The messages of a class that were sent between two days, by month of sending and the date that
-- their channel's rule asks for, each with when the last of them was sent. What is held is counted
-- like the rest: it leaves the conversation on the same day.
WITH places AS MATERIALIZED (
    SELECT c.id, retention_date_of(c.id) AS day
    FROM messaging_channel c WHERE c.record_class = %(record_class)s
)
SELECT p.day, count(*), max(m.sent_at)
FROM places p
JOIN messaging_message m ON m.channel_id = p.id
    AND m.sent_at >= %(since)s::timestamp AT TIME ZONE 'UTC'
    AND m.sent_at < %(before)s::timestamp AT TIME ZONE 'UTC'
WHERE NOT m.out_of_view
GROUP BY p.day, date_trunc('month', m.sent_at AT TIME ZONE 'UTC')
