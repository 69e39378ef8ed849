-- What is old enough for a class and is not proposed, by reason: messages under a class of their own,
-- channels whose date is not known, and channels that were put under another class.
WITH rule AS (
    SELECT r.trigger, r.months, r.days FROM retention_rule(%(record_class)s) r
), own AS (
    SELECT m.id, c.record_class, o.action
    FROM retention_messageclass x
    JOIN messaging_message m ON m.id = x.message_id
    JOIN messaging_channel c ON c.id = m.channel_id AND c.record_class = %(record_class)s
    JOIN retention_due(%(record_class)s, %(today)s) d ON d.channel = c.id AND m.sent_at < d.cut_off
    CROSS JOIN LATERAL retention_rule(x.record_class) o
    WHERE NOT m.out_of_view
      AND m.id IN (SELECT k.message FROM retention_kept_longer(%(today)s) k)
), away AS (
    SELECT c.id AS channel, o.action,
        retention_cut_off(%(record_class)s, c.id, %(today)s) AS former,
        retention_cut_off(c.record_class, c.id, %(today)s) AS present
    FROM messaging_channel c
    CROSS JOIN LATERAL retention_rule(c.record_class) o
    WHERE c.record_class <> %(record_class)s AND EXISTS (
        SELECT FROM retention_reclassing w
        WHERE w.channel_id = c.id AND w.former = %(record_class)s)
)
SELECT CASE WHEN action = 'review' THEN 'review' ELSE 'reclassed' END AS reason, count(*)
FROM own GROUP BY 1
UNION ALL
SELECT 'unknown', count(*)
FROM messaging_message m
JOIN messaging_channel c ON c.id = m.channel_id AND c.record_class = %(record_class)s
CROSS JOIN rule r
WHERE r.trigger IN ('leaving', 'closure', 'set') AND NOT m.out_of_view
  AND m.sent_at < retention_limit(r.months, r.days, %(today)s)::timestamp AT TIME ZONE 'UTC'
  AND retention_date_of(c.id) IS NULL
UNION ALL
SELECT CASE WHEN a.action = 'review' THEN 'review' ELSE 'reclassed' END, count(*)
FROM away a JOIN messaging_message m ON m.channel_id = a.channel AND m.sent_at < a.former
WHERE NOT m.out_of_view AND (a.action <> 'dispose' OR (m.sent_at < a.present) IS NOT TRUE)
GROUP BY 1
