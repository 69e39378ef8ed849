-- What became of a chunk: of the versions that it had, those of the messages that were destroyed, with
-- the commitment of each; how many messages those are; and the ids of the others, as the journal packs
-- them.
WITH outcomes AS MATERIALIZED (
    SELECT i.message, i.outcome FROM retention_disposalitem i WHERE i.chunk_id = %(chunk)b
), gone AS (
    SELECT v.message, v.number, v.place, sha256(convert_to(
        'disposed ' || %(uid)b::uuid || ' ' || v.message || ' ' || v.number, 'UTF8')) AS commitment
    FROM unnest(%(messages)b::uuid[], %(numbers)b::int[])
        WITH ORDINALITY AS v (message, number, place)
    JOIN outcomes o ON o.message = v.message AND o.outcome = 'destroyed'
)
SELECT g.messages, g.numbers, g.commitments, o.destroyed, o.out_of_view, o.spared
FROM (
    SELECT coalesce(array_agg(message ORDER BY place), '{}')::text AS messages,
        coalesce(array_agg(number ORDER BY place), '{}')::text AS numbers,
        coalesce(array_agg(commitment ORDER BY place), '{}')::text AS commitments
    FROM gone
) g, (
    SELECT count(*) FILTER (WHERE outcome = 'destroyed') AS destroyed,
        coalesce(string_agg(uuid_send(message), '' ORDER BY message)
            FILTER (WHERE outcome = 'out_of_view'), '') AS out_of_view,
        coalesce(string_agg(uuid_send(message), '' ORDER BY message)
            FILTER (WHERE outcome = 'spared'), '') AS spared
    FROM outcomes
) o
