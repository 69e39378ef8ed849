-- Messages that are out of view, though no disposal took them out of the conversation, and those
-- that a disposal took out and that are in it again.
-- What a restore took out again, no disposal of the restored database has to know of.
WITH taken_out AS (
    SELECT x.message AS id
    FROM retention_disposalitem x JOIN retention_disposalchunk c ON c.id = x.chunk_id
    WHERE x.outcome = 'out_of_view' AND c.done_at IS NOT NULL
), replayed AS (
    SELECT jsonb_array_elements_text(r.out_of_view)::uuid AS id
    FROM retention_replay r WHERE r.replayed_at IS NOT NULL
)
SELECT m.id, 'hidden' FROM messaging_message m
WHERE m.out_of_view AND NOT EXISTS (SELECT FROM taken_out t WHERE t.id = m.id)
  AND NOT EXISTS (SELECT FROM replayed r WHERE r.id = m.id)
UNION ALL
SELECT m.id, 'shown again' FROM messaging_message m
WHERE NOT m.out_of_view AND EXISTS (SELECT FROM taken_out t WHERE t.id = m.id)
ORDER BY 1
