-- The numbers of one day, taken away as they are read, so that no row is counted twice.
DELETE FROM messaging_nudgecount
WHERE day = %(day)b
RETURNING rule, refused, count
