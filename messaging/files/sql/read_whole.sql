-- Of some files, those of which all that stands in them was read.
SELECT id FROM messaging_file WHERE id = ANY (%(files)b::uuid[]) AND read_whole
