"""The facts of an entry in words, for whoever reads the log without knowing its vocabulary.

They are said in the reader's language and in the school's time; no database is asked.
Left out are the ids and hashes that say nothing to a person; the entry's own page and the files
that can be taken away have every fact as it was recorded.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext_lazy

from accounts.roles import Role

_SHORT_CHARS: Final = 8
_UUID_CHARS: Final = 36
_ENDS_OF_HASHES: Final = ("commitment", "root", "digest", "sha256", "signature")
#: What the sentence of the act says already, or what only a machine compares.
_UNSAID: Final = frozenset(
    {
        *("record", "message", "search", "grant", "token", "invitation", "entry", "policy"),
        *("origin", "former_origin", "known_origin"),
        *("seed", "number", "on", "generation", "keys", "model"),
    }
)
_COUNTED: Final[Mapping[str, Any]] = {
    "members": ngettext_lazy("%(n)d member", "%(n)d members", "n"),
    "count": ngettext_lazy("%(n)d item", "%(n)d items", "n"),
    "messages": ngettext_lazy("%(n)d message", "%(n)d messages", "n"),
    "versions": ngettext_lazy("%(n)d version", "%(n)d versions", "n"),
    "hits": ngettext_lazy("%(n)d message found", "%(n)d messages found", "n"),
    "shown": ngettext_lazy("%(n)d message came back", "%(n)d messages came back", "n"),
    "due": ngettext_lazy("%(n)d message due", "%(n)d messages due", "n"),
    "sessions": ngettext_lazy("%(n)d device signed out", "%(n)d devices signed out", "n"),
    "tokens": ngettext_lazy("%(n)d token ended", "%(n)d tokens ended", "n"),
    "roles": ngettext_lazy("%(n)d role ended", "%(n)d roles ended", "n"),
    "entries": ngettext_lazy("%(n)d entry", "%(n)d entries", "n"),
    "size": ngettext_lazy("%(n)d entry in all", "%(n)d entries in all", "n"),
    "files": ngettext_lazy("%(n)d file", "%(n)d files", "n"),
    "problems": ngettext_lazy("%(n)d problem", "%(n)d problems", "n"),
    "gap": ngettext_lazy("%(n)d entry missing", "%(n)d entries missing", "n"),
}
_SHAPES: Final[Mapping[str, str]] = {
    "position": gettext_noop("message no. {}"),
    "seq": gettext_noop("message no. {}"),
    "version": gettext_noop("version {}"),
    "chunk": gettext_noop("part {}"),
    "retired": gettext_noop("{} before"),
    "record_class": gettext_noop("kept under: {}"),
    "former": gettext_noop("before: {}"),
    "nation": gettext_noop("nation: {}"),
    "school_type": gettext_noop("type of school: {}"),
    "purpose": gettext_noop("for: {}"),
    "reason": gettext_noop("because: {}"),
    "authority": gettext_noop("as: {}"),
    "method": gettext_noop("by {}"),
    "way": gettext_noop("by {}"),
    "page": gettext_noop("page: {}"),
    "scope": gettext_noop("what: {}"),
    "form": gettext_noop("as: {}"),
    "fields": gettext_noop("changed: {}"),
    "filters": gettext_noop("only: {}"),
    "nudged": gettext_noop("pointed out: {}"),
    "refused": gettext_noop("refused: {}"),
    "expires_at": gettext_noop("until {}"),
    "until": gettext_noop("until {}"),
    "since": gettext_noop("from {}"),
    "review_on": gettext_noop("to be looked at again on {}"),
    "day": gettext_noop("on {}"),
    "person": gettext_noop("person {}"),
    "channel": gettext_noop("channel {}"),
    "offset_ms": gettext_noop("{} ms off"),
    "step_ms": gettext_noop("by {} ms"),
}
_FILTERS: Final[Mapping[str, str]] = {
    "actor": gettext_noop("by {}"),
    "subject": gettext_noop("to {}"),
    "action": gettext_noop("act {}"),
    "group": gettext_noop("group {}"),
    "since": gettext_noop("from {}"),
    "until": gettext_noop("until {}"),
}
_TIMES: Final = frozenset({"expires_at", "since", "until", "review_on", "day"})
_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("method", "password"): gettext_noop("password"),
    ("method", "totp"): gettext_noop("authenticator app"),
    ("method", "mfa"): gettext_noop("second factor"),
    ("method", "recovery_codes"): gettext_noop("recovery code"),
    ("channel_kind", "open"): gettext_noop("open to all staff"),
    ("channel_kind", "private"): gettext_noop("private"),
    ("channel_kind", "direct"): gettext_noop("direct"),
    ("channel_kind", "announcement"): gettext_noop("notices"),
    ("role", "owner"): gettext_noop("as owner"),
    ("role", "moderator"): gettext_noop("as moderator"),
    ("role", "member"): gettext_noop("as member"),
    ("reason", "asked"): gettext_noop("somebody asked"),
    ("reason", "first"): gettext_noop("it is the first"),
    ("reason", "daily"): gettext_noop("a day had passed"),
    ("reason", "own"): gettext_noop("the author saw it"),
    ("reason", "request"): gettext_noop("somebody asked"),
    ("reason", "found"): gettext_noop("the school saw it"),
    ("way", "email"): gettext_noop("e-mail"),
    ("partial", "True"): gettext_noop("stopped early"),
    ("partial", "False"): "",
    ("synchronised", "True"): gettext_noop("the network keeps the clock"),
    ("synchronised", "False"): gettext_noop("nothing keeps the clock"),
    ("version", "1"): "",
    ("page", "entries"): "",
    ("page", "entry"): gettext_noop("one entry"),
    ("page", "searches"): gettext_noop("searches"),
    ("page", "alerts"): gettext_noop("alerts"),
    ("problems", "0"): gettext_noop("nothing wrong"),
}


def in_words(facts: Mapping[str, Any], name_of: Callable[[object], str | None]) -> str:
    """All that a reader needs, in a line. `name_of` is what an id is called, where that may be
    seen."""
    return "; ".join(filter(None, (_said(name, value, name_of) for name, value in facts.items())))


def _said(name: str, value: Any, name_of: Callable[[object], str | None]) -> str:
    if value in (None, {}) or name in _UNSAID or name.endswith(_ENDS_OF_HASHES):
        return ""
    if name in {"channel", "person"} and name_of(value):
        return ""  # the sentence of the act has it
    if (special := _VALUES.get((name, str(value)))) is not None:
        return _shaped(name, gettext(special)) if special and name in _SHAPES else gettext(special)
    if name in _COUNTED:
        return _counted(name, value)
    return _shaped(name, _value(name, value, name_of))


def _counted(name: str, value: Any) -> str:
    many = len(value) if isinstance(value, list | tuple) else int(value)
    return str(_COUNTED[name] % {"n": many})


def _shaped(name: str, words: str) -> str:
    if name in _SHAPES:
        return gettext(_SHAPES[name]).format(words)
    return words


def _value(name: str, value: Any, name_of: Callable[[object], str | None]) -> str:
    match value:
        case Mapping():
            return ", ".join(_pair(str(key), one, name_of) for key, one in value.items())
        case list() | tuple():
            return ", ".join(_plain(one) for one in value)
    if name in _TIMES:
        return _when(str(value))
    if name == "emoji":
        return "".join(chr(int(point, 16)) for point in str(value).split("-"))
    if name == "role" and value in set(Role):
        return Role(value).label
    return name_of(value) or _plain(value)


def _pair(name: str, value: object, name_of: Callable[[object], str | None]) -> str:
    words = name_of(value) or (_when(str(value)) if name in _TIMES else _plain(value))
    return gettext(_FILTERS[name]).format(words) if name in _FILTERS else f"{_plain(name)} {words}"


def _plain(value: object) -> str:
    """A word of a closed list, a number, or the end of an id, which differs most."""
    text = str(value)
    if len(text) == _UUID_CHARS:
        return f"…{text[-_SHORT_CHARS:]}"
    return text.replace("_", " ")


def _when(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    day = timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return date_format(day, "j F Y")
