-- The sealed texts of files, also of those that are just being sent.
SELECT id, text FROM messaging_file WHERE id = ANY (%(files)b::uuid[]) AND text IS NOT NULL
UNION ALL
SELECT id, text FROM messaging_upload WHERE id = ANY (%(files)b::uuid[]) AND text IS NOT NULL
