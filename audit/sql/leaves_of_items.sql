-- The leaves of items under their act's root, one after the other (`audit.entries.item_leaf`).
SELECT coalesce(string_agg(
    sha256('\x00'::bytea || uuid_send(subject) || int4send(version) || commitment), ''
    ORDER BY place), '')
FROM unnest(%(subjects)b::uuid[], %(versions)b::int[], %(commitments)b::bytea[])
    WITH ORDINALITY AS i (subject, version, commitment, place)
