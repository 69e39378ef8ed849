-- Messages that are out of view, though no disposal took them out of the conversation.
SELECT m.id FROM messaging_message m
WHERE m.out_of_view AND NOT EXISTS (
    SELECT FROM retention_disposalitem x JOIN retention_disposalchunk c ON c.id = x.chunk_id
    WHERE x.message = m.id AND x.outcome = 'out_of_view' AND c.done_at IS NOT NULL)
ORDER BY 1
