"""System checks of the ground floor: no start with keys that are missing, wrong or open to others,
and none with a log that takes changes."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Remark
from django.db import connection

from audit import keyring
from audit.journal.places import stands_inside

_TRIGGERS: Final = (Path(__file__).parent / "sql" / "missing_triggers.sql").read_text()


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


@register("journal")
def journal_is_elsewhere(**_options: Any) -> list[CheckMessage]:
    """Whoever loses the data folder must not lose the journal with it; and a share that is not
    mounted now may be in an hour, so that it is said and no reason not to start."""
    chosen = settings.JOURNAL
    if stands_inside():
        said = "The journal stands inside the data folder and would be lost with it."
        return [Remark(said, hint=_HINT_JOURNAL, id="audit.W002")]
    if isinstance(chosen, Path) and not chosen.is_dir():
        hint = "Mount or make it, or correct SCHOOLCHAT_JOURNAL. Until then nothing is disposed of."
        return [Remark(f"The journal's folder {chosen} is not there.", hint=hint, id="audit.W003")]
    return []


@register(Tags.database)
def log_is_closed(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """The triggers stand that refuse changes to the log, and the one that has entries sealed."""
    if "default" not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        return [_without_trigger(*row) for row in cursor.fetchall()]


def _without_trigger(table: str, name: str, is_there: bool, definition: str) -> CheckMessage:
    what = "takes new entries without sealing them" if name.endswith("_queued") else "takes changes"
    if is_there:
        why = f"The trigger {name} is switched off: {table} {what}."
        repair = f"ALTER TABLE {table} ENABLE TRIGGER {name}"
        return Error(why, hint=_HINT_TRIGGER.format(repair), id="audit.E005")
    why = f"There is no trigger {name} as it should be: {table} {what}."
    return Error(why, hint=_HINT_TRIGGER.format(definition), id="audit.E004")


def _is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


_HINT: Final = (
    "Put the school's master key back (the recovery sheet holds it); "
    "without it nothing that was sealed can be read."
)
_HINT_JOURNAL: Final = (
    "Set SCHOOLCHAT_JOURNAL to a folder on another machine that is mounted here, or to "
    "s3://bucket/prefix (docs/reference/journal.md)."
)
_HINT_TRIGGER: Final = (
    "As the owner of the tables: {}; then let verify_audit say what was done meanwhile."
)
