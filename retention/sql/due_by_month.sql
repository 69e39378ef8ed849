-- How much is due today in a class, and how much of what would be is held, by month.
SELECT m.month, count(*) FILTER (WHERE NOT m.held), count(*) FILTER (WHERE m.held)
FROM ({due}) m GROUP BY m.month ORDER BY m.month
