"""Secrets that are shown once and kept only as a hash."""

import hashlib
import secrets

# 32 bytes: beyond guessing, so that a plain hash without a salt is enough.
SECRET_BYTES = 32


def new_secret(prefix: str) -> str:
    """A fresh secret that can stand in an address or a header."""
    return f"{prefix}{secrets.token_urlsafe(SECRET_BYTES)}"


def sha256(secret: str) -> str:
    """What the database keeps of it, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
