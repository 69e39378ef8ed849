-- What became of several channels after their positions: for each its head, whether its floor lies
-- above the position, and its first changes; below the floor only the system messages, which say who
-- came and went. A channel without changes has one row.
SELECT c.id, c.head, c.floor > at.position, {row}
FROM unnest(%(channels)b::uuid[], %(positions)b::bigint[]) AS at (channel, position)
JOIN messaging_channel c ON c.id = at.channel
LEFT JOIN LATERAL (
    SELECT * FROM messaging_message m
    WHERE m.channel_id = c.id AND m.changed > at.position AND NOT m.out_of_view
      AND (c.floor <= at.position OR m.kind = 'system')
    ORDER BY m.changed LIMIT %(most)b::bigint) x ON true
{sealed}
ORDER BY c.id, x.changed
