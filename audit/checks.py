"""System checks of the keys: no start with one that is missing, wrong or open to others."""

import stat
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Remark

from audit import keyring


@register("keys")
def keyring_opens(**_options: Any) -> list[CheckMessage]:
    """The keyring, once made, opens under the master key."""
    if not keyring.keyring_file().exists():
        return []
    try:
        keyring.ring()
    except keyring.MasterKeyMissing as error:
        return [Error(str(error), hint=_HINT, id="audit.E001")]
    except keyring.KeyringError as error:
        return [Error(str(error), hint=_HINT, id="audit.E002")]
    return []


@register("keys")
def keys_are_private(**_options: Any) -> list[CheckMessage]:
    """Nobody but the account that runs SchoolChat may read the files of keys or list their folder.

    Whoever can read both files opens everything that was ever sealed.
    """
    files = [Path(settings.MASTER_KEY_FILE), keyring.keyring_file()]
    found: list[CheckMessage] = [
        Error(f"{file} can be read by others.", hint=f"chmod 600 {file}", id="audit.E003")
        for file in files
        if _is_open_to_others(file)
    ]
    folder = Path(settings.KEYS_DIR)
    if _is_open_to_others(folder):
        hint = f"chmod 700 {folder}"
        found.append(Remark(f"{folder} is open to others.", hint=hint, id="audit.W001"))
    return found


def _is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


_HINT: Final = (
    "Put the school's master key back (the recovery sheet holds it); "
    "without it nothing that was sealed can be read."
)
