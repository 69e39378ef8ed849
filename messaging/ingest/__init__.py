"""Group commit: everything that waits to be posted goes into one transaction."""
