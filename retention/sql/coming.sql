-- How many messages of a channel that are in view were sent in each month before a day, when the last
-- of them was sent, and the date that the channel's rule asks for.
SELECT date_trunc('month', m.sent_at AT TIME ZONE 'UTC')::date AS month, count(*), max(m.sent_at),
    retention_date_of(%(channel)s)
FROM messaging_message m
WHERE m.channel_id = %(channel)s AND NOT m.out_of_view
  AND m.sent_at < %(before)s::timestamp AT TIME ZONE 'UTC'
GROUP BY 1 ORDER BY 1
