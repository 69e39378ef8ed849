-- What is due today in a class: each message, with its month and whether it is held. What is held and
-- out of view already is not due any more: `held` messages stay and only leave the conversation.
--
-- What is held or kept longer is looked up apart, once; all else comes out of one index, channel by
-- channel (OFFSET 0 keeps it so: the planner, which takes far more to be held, would read the table).
WITH held AS MATERIALIZED (
    SELECT o.id AS message, o.out_of_view
    FROM (SELECT DISTINCT x.message FROM retention_held x) x
    JOIN messaging_message o ON o.id = x.message
), kept AS MATERIALIZED (
    SELECT k.message FROM retention_kept_longer(%(today)s) k
)
SELECT d.channel, m.sent_at, m.id, h.message IS NOT NULL AS held,
    date_trunc('month', m.sent_at AT TIME ZONE 'UTC')::date AS month
FROM retention_due(%(record_class)s, %(today)s) d
CROSS JOIN LATERAL (
    SELECT n.id, n.sent_at FROM messaging_message n
    WHERE n.channel_id = d.channel
      AND n.sent_at < least(d.cut_off, %(before)s::timestamptz, %(until)s::timestamptz)
    OFFSET 0
) m
LEFT JOIN held h ON h.message = m.id
WHERE h.out_of_view IS NOT TRUE AND m.id NOT IN (SELECT k.message FROM kept k)
