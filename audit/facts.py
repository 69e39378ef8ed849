"""What a fact of an entry may be: an id, a word of a closed list, a number, a time, a hash or its
signature. Pure.

Names and text have no kind here, so that they cannot get into the log by mistake; the closed lists
themselves belong to the apps above, and the log holds their form.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

type Holds = Callable[[object], bool]

_WORD: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
_LABEL: Final = re.compile(r"[a-z_]+\.[A-Za-z]+")
# The code points of one emoji, which is one of a closed list (messaging.emoji).
_EMOJI: Final = re.compile(r"[0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,15}")
_MOST_FILTERS: Final = 10


def _matches(pattern: re.Pattern[str]) -> Holds:
    def holds(value: object) -> bool:
        return isinstance(value, str) and pattern.fullmatch(value) is not None

    return holds


def _is_id(value: object) -> bool:
    """A UUID, also as text, or the number of a row."""
    if isinstance(value, UUID) or type(value) is int:
        return True
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _is_time(value: object) -> bool:
    """A moment or a day."""
    if isinstance(value, datetime | date):
        return True
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    return type(value) is int


def _is_flag(value: object) -> bool:
    return type(value) is bool


def _is_hash(value: object) -> bool:
    """SHA-256 as bytes or lower-case hex."""
    if type(value) is str:
        return _HASH.fullmatch(value) is not None
    return isinstance(value, bytes) and len(value) == 32


def _all(holds: Holds) -> Holds:
    return lambda value: isinstance(value, list | tuple) and all(map(holds, value))


def _are_filters(value: object) -> bool:
    """Words with what they were set to: words, ids and days."""
    return (
        isinstance(value, Mapping)
        and len(value) <= _MOST_FILTERS
        and all(_is_word(name) for name in value)
        and all(_is_word(one) or _is_id(one) or _is_time(one) for one in value.values())
    )


def _are_counts(value: object) -> bool:
    """Words, each with how many there were."""
    return (
        isinstance(value, Mapping)
        and len(value) <= _MOST_FILTERS
        and all(_is_word(name) and _is_number(many) for name, many in value.items())
    )


_is_word: Final = _matches(_WORD)

_HASHES: Final = (
    "commitment", "message_commitment", "root", "digest", "sha256", "certificate_sha256",
    "former_sha256", "batch_root",
    "manifest_sha256", "bundle_sha256", "backup_root", "known_root",
)  # fmt: skip
_NUMBERS: Final = (
    "position", "line", "seq", "version", "count", "number", "chunk", "due", "messages", "versions",
    "hits", "seed", "sessions", "tokens", "roles", "retired", "generation", "keys", "entries",
    "problems", "size", "backup_size", "known_size", "gap", "offset_ms", "step_ms", "files",
    "shown",
)  # fmt: skip
_IDS: Final = (
    "record", "message", "person", "channel", "search", "grant", "token", "invitation", "origin",
    "former_origin", "known_origin", "entry", "file", "concern", "hold", "policy",
)  # fmt: skip
_WORDS: Final = (
    "method", "role", "change", "provenance", "channel_kind", "record_class", "former", "authority",
    "page", "hold_kind", "purpose", "reason", "way", "kind", "scope", "form", "part",
    "nation", "school_type",
)  # fmt: skip
_TIMES: Final = ("expires_at", "since", "until", "review_on", "lost_on", "day")
_COUNTS: Final = ("nudged", "refused")

#: What each fact must be, by its name; None stands for a fact that there is not.
KINDS: Final[Mapping[str, Holds]] = {
    **dict.fromkeys(_HASHES, _is_hash),
    **dict.fromkeys(_NUMBERS, _is_number),
    **dict.fromkeys(_IDS, _is_id),
    **dict.fromkeys(_WORDS, _is_word),
    **dict.fromkeys(_TIMES, _is_time),
    **dict.fromkeys(_COUNTS, _are_counts),
    "known_signature": _matches(_SIGNATURE),
    "partial": _is_flag,
    "synchronised": _is_flag,
    "upheld": _is_flag,
    "on": _is_flag,
    "emoji": _matches(_EMOJI),
    "model": _matches(_LABEL),
    "fields": _all(_is_word),
    "members": _all(_is_id),
    "filters": _are_filters,
}


def wrong_fact(facts: Mapping[str, object]) -> str | None:
    """The name of a fact that is not what its name says, or None."""
    for name, value in facts.items():
        if value is not None and not KINDS[name](value):
            return name
    return None
