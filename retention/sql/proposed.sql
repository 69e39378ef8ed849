-- Lists what is due in a class, before a day, as a proposal: chunks of one channel's month, oldest first,
-- and what is in each. Returns the number that the disposal is to have, how much is due and how much is
-- held, the days between which what is due was sent, and the digest over its chunks, as `retention_digest` computes it. Its own row comes last, in
-- the same transaction, since it says all this.
--
-- Parts of nothing but what is held come last: whom a hold is on is not shown them in the log, and sees
-- no number missing.
WITH found AS MATERIALIZED (
    SELECT m.channel, m.month, m.id AS message, m.sent_at, m.held,
        (row_number() OVER (PARTITION BY m.month, m.channel ORDER BY m.sent_at, m.id) - 1)
            / %(chunk)s AS part
    FROM ({due}) m
), parts AS (
    SELECT f.month, f.channel, f.part, bool_and(f.held) AS held_alone,
        count(*) FILTER (WHERE NOT f.held) AS due, count(*) FILTER (WHERE f.held) AS held,
        min(f.sent_at) FILTER (WHERE NOT f.held) AS first_at,
        max(f.sent_at) FILTER (WHERE NOT f.held) AS last_at,
        encode(sha256(convert_to(string_agg(
            f.message::text || CASE WHEN f.held THEN ' held' ELSE ' due' END,
            E'\n' ORDER BY f.message), 'UTF8')), 'hex') AS digest
    FROM found f GROUP BY f.month, f.channel, f.part
), chunks AS MATERIALIZED (
    SELECT p.*, nextval(pg_get_serial_sequence('retention_disposalchunk', 'id')) AS id,
        row_number() OVER (ORDER BY p.held_alone, p.month, p.channel, p.part) AS number
    FROM parts p
), disposal AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('retention_disposal', 'number')) AS number
), written AS (
    INSERT INTO retention_disposalchunk (id, disposal_id, number, channel_id, month, digest,
        destroyed, versions, out_of_view, spared, keys, files, file_bytes, bytes)
    SELECT c.id, d.number, c.number, c.channel, c.month, c.digest, 0, 0, 0, 0, 0, 0, 0, 0
    FROM chunks c CROSS JOIN disposal d ORDER BY c.number
), listed AS (
    INSERT INTO retention_disposalitem (chunk_id, message, held)
    SELECT c.id, f.message, f.held
    FROM found f JOIN chunks c USING (month, channel, part)
    ORDER BY c.number, f.message
)
SELECT d.number, coalesce(sum(c.due), 0)::bigint, coalesce(sum(c.held), 0)::bigint,
    (min(c.first_at) AT TIME ZONE 'UTC')::date, (max(c.last_at) AT TIME ZONE 'UTC')::date,
    encode(sha256(convert_to(coalesce(string_agg(
        c.number || ' ' || c.channel || to_char(c.month, ' YYYY-MM-DD ') || c.digest,
        E'\n' ORDER BY c.number), ''), 'UTF8')), 'hex')
FROM disposal d LEFT JOIN chunks c ON true
GROUP BY d.number
