"""Files that are sent: what they are, what becomes of them, and where their bytes stand."""
