"""What the signer remembers outside the database: the last head that it signed.

A database that was put back to an earlier state does not hold that head any more, and no second
history is signed over it (`audit.signing`). One file beside the keyring; not secret, and signed, so
that nobody without the key can have a head declared as lost that there never was.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings

from audit import keyring
from audit.keyring import replace_file
from audit.tree.notes import checkpoint_text, is_signed

_FILE: Final = "signed-head.json"


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """A tree head: the name of its origin, its number of leaves, its root, and the school's
    signature over its checkpoint, where that is known."""

    origin: str
    size: int
    root: bytes
    signature: bytes = field(default=b"", compare=False)

    def is_signed(self) -> bool:
        """Whether the signature is this school's."""
        text = checkpoint_text(self.origin, self.size, self.root)
        return is_signed(text, self.signature, keyring.ring().public_key)


def sign(origin: str, size: int, root: bytes) -> SignedHead:
    """A head with the school's signature. Ed25519 makes the same one each time."""
    text = checkpoint_text(origin, size, root)
    signature = keyring.ring().signing_key.sign(text.encode())
    return SignedHead(origin=origin, size=size, root=root, signature=signature)


class SignedHeadUnreadable(Exception):
    """The file of the last signed head cannot be read: put it back, or remove it."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


class SignedHeadMissing(SignedHeadUnreadable):
    """The file of the last signed head is missing: put it back from the copy of the folder of keys,
    or declare that the database was restored (manage.py declare_restore)."""


def head_file() -> Path:
    """Where the last signed head stands."""
    return Path(settings.KEYS_DIR) / _FILE


def remembered() -> SignedHead | None:
    """The last head that was signed on this machine, or None before the first.

    Raises SignedHeadUnreadable, also for one that this school has not signed. Files of before
    signatures stood in them have none.
    """
    try:
        document = json.loads(head_file().read_text())
        head = SignedHead(
            origin=str(document["origin"]),
            size=int(document["size"]),
            root=bytes.fromhex(document["root"]),
            signature=bytes.fromhex(document.get("signature", "")),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SignedHeadUnreadable from error
    if head.signature and not head.is_signed():
        raise SignedHeadUnreadable
    return head


def remember(head: SignedHead) -> None:
    """Before it is handed out: whoever is killed in between signs the same head again."""
    document = {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "signature": head.signature.hex(),
    }
    replace_file(head_file(), json.dumps(document))
