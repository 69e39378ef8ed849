"""The verbs: each checks who acts, changes the database and writes one entry, together."""
