"""The search measured, beside PostgreSQL's own on the same text in plain."""
