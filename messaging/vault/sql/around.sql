-- What is shown around the words of each of these messages.
SELECT x.id, {around}
FROM messaging_message x
{reactions}
WHERE x.id = ANY (%(ids)b::uuid[])
