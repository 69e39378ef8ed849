"""System checks of the keyring: no start with a master key that is missing or wrong."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

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


_HINT = (
    "Put the school's master key back (the recovery sheet holds it); "
    "without it nothing that was sealed can be read."
)
