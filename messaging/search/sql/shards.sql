-- The months of domains that a search may look into, each with its key and, where they are wanted,
-- the rows of its vocabulary. A sensitive channel's domain only where the channel is reached.
SELECT k.id, k.domain_id, k.month, k.generation, k.wrapped, k.analyser, d.record_class, d.kind,
       CASE WHEN %(words)b::boolean
           THEN ARRAY(SELECT v.id FROM messaging_vocabulary v WHERE v.key_id = k.id) END
FROM messaging_indexkey k JOIN messaging_searchdomain d ON d.id = k.domain_id
WHERE (d.channel IS NULL
       OR ((%(channels)b::uuid[] IS NULL OR d.channel = ANY (%(channels)b::uuid[]))
           AND d.channel <> ALL (%(excluded)b::uuid[])
           AND (%(channel)b::uuid IS NULL OR d.channel = %(channel)b::uuid)))
  AND (%(versions)b::boolean OR NOT d.versions)
  AND (%(first)b::date IS NULL OR k.month >= %(first)b::date)
  AND (%(last)b::date IS NULL OR k.month <= %(last)b::date)
