-- The members of the open channels that any of these people is in, and of these channels; those
-- already known are left out, and all but direct ones where only those count.
SELECT m.channel_id, array_agg(m.person_id)
FROM messaging_membership m
WHERE m.left_at IS NULL AND m.channel_id IN (
    SELECT c.id
    FROM messaging_channel c
    WHERE c.archived_at IS NULL AND (c.kind = 'direct' OR NOT %(only_direct)b::boolean)
      AND c.id <> ALL (%(known)b::uuid[])
      AND (c.id = ANY (%(channels)b::uuid[]) OR c.id IN (
            SELECT mine.channel_id FROM messaging_membership mine
            WHERE mine.person_id = ANY (%(people)b::uuid[]) AND mine.left_at IS NULL)))
GROUP BY m.channel_id
