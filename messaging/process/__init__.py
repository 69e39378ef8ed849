"""What a process of ours has of its own: threads with connections, and counters."""
