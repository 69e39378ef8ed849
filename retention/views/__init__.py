"""`/records/`. The gate has let in only those who work with records, with a second factor."""
