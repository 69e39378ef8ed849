"""What `generate` writes: made-up text and its spread over people, channels and months."""
