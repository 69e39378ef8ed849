"""A key, a text and signatures that are published, and a checkpoint to sign."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st

from audit.tree.notes import (
    VerifierKey,
    checkpoint_text,
    parse_note,
    parse_verifier_key,
    verify_note,
)

FEW = settings(max_examples=40, deadline=None)

#: The key pair, the text and the signatures of the tests of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
    "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NOTE = f"{TEXT}\n{BY_PETER}"

NAME = "schoolchat/0192f0c1-2b5e-7d3a-9c41-5f6e7a8b9c0d"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ROOT = bytes(range(32))
ROOT_LINE = base64.b64encode(ROOT).decode()
HEAD = checkpoint_text(NAME, 12, ROOT)

LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32))]), max_size=20
)


def peter() -> VerifierKey:
    return parse_verifier_key(PETER)


def by(key: VerifierKey, note: str) -> bool:
    return verify_note(parse_note(note), key.name, key.public_key)
