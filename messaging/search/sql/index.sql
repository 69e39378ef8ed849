-- The tokens of some texts, and the row of vocabulary that counts their words, if they have any.
-- `{table}` is the table of their class, kind and month.
WITH words AS (
    INSERT INTO messaging_vocabulary (id, key_id, sealed)
    SELECT %(row)b::uuid, %(key)b::uuid, %(sealed)b::bytea WHERE %(sealed)b::bytea IS NOT NULL
)
INSERT INTO {table} (message, version, domain, sent_at, channel, author, tok, pairs)
SELECT message, version, %(domain)b::smallint, sent_at, channel, author, tok::integer[], pairs
FROM unnest(%(messages)b::uuid[], %(versions)b::integer[], %(times)b::timestamptz[],
            %(channels)b::uuid[], %(authors)b::uuid[], %(tokens)b::text[],
            %(pairs)b::bytea[])
    AS t (message, version, sent_at, channel, author, tok, pairs)
