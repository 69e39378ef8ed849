"""Proof files over a small log, as they are and with something changed in them."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from audit.canonical import canonical
from audit.tree.proof_file import Proved, check, compose, parse
from audit.tree.proofs import ProofError
from tests.audit.sealed_log import (
    BULK,
    KEY,
    MESSAGE,
    NAME,
    SALT,
    item_document,
    sealed_log,
    words,
)

LOG = sealed_log()
NOTE = LOG.note(13)
PUBLIC = KEY.public_key().public_bytes_raw()
HASH = bytes(range(32))

Change = Callable[[dict[str, Any]], object]


def checked(text: str) -> Proved:
    return check(parse(text), name=NAME, public_key=PUBLIC)


def refusal(text: str) -> str:
    with pytest.raises(ProofError) as refused:
        checked(text)
    return str(refused.value)


def changed(text: str, change: Change) -> str:
    """The file with its document changed, and all else as it was."""
    proof = parse(text)
    document = orjson.loads(proof.extra or b"")
    change(document)
    return compose(proof.index, proof.path, proof.note, canonical(document))


def of_message() -> str:
    return LOG.proof(MESSAGE, message=words(MESSAGE), salt=SALT)


def of_item(index: int = 4) -> str:
    return LOG.proof(BULK, item=item_document(index))


def of_items_message(index: int = 4) -> str:
    return LOG.proof(BULK, item=item_document(index), message=words(index), salt=SALT)
