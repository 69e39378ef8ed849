"""The vault: sealing and opening the words of messages."""
