-- The months of domains that a search may look into, each with its key and, where they are wanted,
-- the rows of its vocabulary. A sensitive channel's domain only where the channel is reached.
-- Without a key, since that was lost, a month of a shared domain only where a channel that is
-- reached has messages in it. Domain by domain (OFFSET 0), else a member's search reads every key.
SELECT n.id, d.id, n.month, n.generation, n.wrapped, n.analyser, d.record_class, d.kind,
       CASE WHEN %(words)b::boolean
           THEN ARRAY(SELECT v.id FROM messaging_vocabulary v WHERE v.key_id = n.id) END
FROM messaging_searchdomain d
CROSS JOIN LATERAL (
    SELECT known.month, k.id, k.generation, k.wrapped, k.analyser
    FROM (SELECT i.month FROM messaging_indexedmonth i WHERE i.domain_id = d.id) known
    LEFT JOIN messaging_indexkey k ON k.domain_id = d.id AND k.month = known.month
    OFFSET 0) n
WHERE (d.channel IS NULL
       OR ((%(channels)b::uuid[] IS NULL OR d.channel = ANY (%(channels)b::uuid[]))
           AND d.channel <> ALL (%(excluded)b::uuid[])
           AND (%(channel)b::uuid IS NULL OR d.channel = %(channel)b::uuid)))
  AND (%(versions)b::boolean OR NOT d.versions)
  AND (%(first)b::date IS NULL OR n.month >= %(first)b::date)
  AND (%(last)b::date IS NULL OR n.month <= %(last)b::date)
  AND (n.id IS NOT NULL OR d.channel IS NOT NULL OR EXISTS (
      SELECT FROM messaging_channel c
      CROSS JOIN LATERAL (
          SELECT FROM messaging_message m
          WHERE m.channel_id = c.id AND m.kind <> 'system' AND NOT m.out_of_view
            AND m.sent_at >= n.month::timestamp AT TIME ZONE 'UTC'
            AND m.sent_at < (n.month + interval '1 month') AT TIME ZONE 'UTC'
          ORDER BY m.sent_at LIMIT 1) one
      WHERE (c.kind = 'direct') = (d.kind = 'direct') AND NOT c.sensitive
        AND (%(channels)b::uuid[] IS NULL OR c.id = ANY (%(channels)b::uuid[]))
        AND c.id <> ALL (%(excluded)b::uuid[])
        AND (%(channel)b::uuid IS NULL OR c.id = %(channel)b::uuid)))
