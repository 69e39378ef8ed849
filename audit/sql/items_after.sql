-- The items of bulk acts in the order of their acts, from after one of them on.
SELECT entry_id, index, subject, version, commitment FROM audit_item
WHERE (entry_id, index) > (%(entry)b::bigint, %(index)b::int)
ORDER BY entry_id, index LIMIT %(most)b::int
