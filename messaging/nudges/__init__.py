"""What a message seems to hold that does not belong everywhere: pointed out, and blocked by nobody
but the school."""
