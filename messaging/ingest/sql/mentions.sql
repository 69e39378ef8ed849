-- Who is mentioned in which message.
INSERT INTO messaging_mention (message_id, channel_id, seq, person_id, everybody)
SELECT message, channel, seq, person, everybody
FROM unnest(%(messages)b::uuid[], %(channels)b::uuid[], %(seqs)b::bigint[], %(people)b::uuid[],
            %(everybody)b::text[]) AS n (message, channel, seq, person, everybody)
