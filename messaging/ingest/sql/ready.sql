-- For each channel: the key of the month, and the millisecond after its newest message where that
-- lies a little ahead of the clock (the clock stepped back, or another machine's runs ahead). Not the
-- same millisecond: ids, which decide between equal times, are made by each machine's own clock.
SELECT c.id, k.id, k.generation, k.wrapped, newest.sent_at
FROM unnest(%(channels)b::uuid[]) AS c (id)
LEFT JOIN LATERAL (
    SELECT x.id, x.generation, x.wrapped FROM messaging_contentkey x
    WHERE x.channel_id = c.id AND x.month = %(month)b::date AND x.current
    LIMIT 1) k ON true
LEFT JOIN LATERAL (
    SELECT x.sent_at + interval '1 millisecond' AS sent_at FROM messaging_message x
    WHERE x.channel_id = c.id AND x.sent_at >= %(now)b::timestamptz
      AND x.sent_at <= %(now)b::timestamptz + interval '10 minutes'
    ORDER BY x.sent_at DESC
    LIMIT 1) newest ON true
