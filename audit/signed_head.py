"""What the signer remembers outside the database: the last head that it signed.

A database that was put back to an earlier state does not hold that head any more, and no second
history is signed over it (`audit.signing`). One file beside the keyring; not secret.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from audit.keyring import replace_file

_FILE: Final = "signed-head.json"


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """A tree head: the name of its origin, its number of leaves, and its root."""

    origin: str
    size: int
    root: bytes


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
    """The last head that was signed on this machine, or None before the first."""
    try:
        document = json.loads(head_file().read_text())
        return SignedHead(
            origin=str(document["origin"]),
            size=int(document["size"]),
            root=bytes.fromhex(document["root"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SignedHeadUnreadable from error


def remember(head: SignedHead) -> None:
    """Before it is signed: whoever is killed in between signs the same head again."""
    document = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
    replace_file(head_file(), json.dumps(document))
