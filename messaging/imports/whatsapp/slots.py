"""Where the author ends and the text begins, or that there is no author at all.

`NAME: TEXT` cannot be split line by line with certainty: a name may hold `: ` and so may a
system line that has no author. What the other lines of the file say settles it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from messaging.imports.whatsapp import wording
from messaging.imports.whatsapp.marks import without_marks

# How often every line of `Office` must go on with the same `Front Desk: ` before that is believed
# to be a part of the name.
_OFTEN = 3
_QUOTES = (("“", "”"), ("„", "“"), ("«", "»"))
_ADDED = re.compile(r".* (?:added|removed) (.+)")
_MAX_NAME = 300  # characters; a first colon further on does not end a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a whole file shows: the names with `: ` inside, and how often each speaks."""

    long: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by their first part
    seen: Counter[str] = field(default_factory=Counter)

    def split(self, rest: str) -> tuple[str | None, str]:
        """Return (name as printed or None, text); the text keeps its direction marks."""
        name, text = _first_split(rest)
        if name is None or self._is_notice(_plain(name), rest):
            return None, rest
        for long in self.long.get(_plain(name), ()):
            if split := _split_after(rest, name, long):
                return split
        return name, text

    def _is_notice(self, name: str, rest: str) -> bool:
        if _opens_a_title(name, self.seen[name]):
            return True
        who = _added(rest) if _added(f"{name} ") else None
        return who is not None and any(who in names for names in self.long.values())


def learn_names(rests: Iterable[str]) -> Names:
    """Read all lines of a file once for names that hold a colon."""
    lines = [rest.partition("\n")[0] for rest in rests]
    second: dict[str, list[str | None]] = defaultdict(list)
    for line in lines:
        name, text = _first_split(line)
        if name is not None:
            second[_plain(name)].append(_first_split(text)[0])
    added = {who for line in lines if (who := _added(line))}
    long = {name: _parts(name, found, added) for name, found in second.items()}
    return Names(
        long={name: parts for name, parts in long.items() if parts},
        seen=Counter({name: len(found) for name, found in second.items()}),
    )


def _first_split(rest: str) -> tuple[str | None, str]:
    head = rest.partition("\n")[0]
    at = head.find(": ")
    if 0 < at <= _MAX_NAME:
        return head[:at], rest[at + 2 :]
    if at < 0 and head.endswith(":") and 1 < len(head) <= _MAX_NAME:
        return head[:-1], rest[len(head) :]
    return None, rest


def _plain(name: str) -> str:
    return without_marks(name).strip()


def _added(line: str) -> str | None:
    """Whom a notice says was added or removed."""
    match = _ADDED.match(without_marks(line))
    return match[1].strip() if match else None


def _opens_a_title(name: str, seen: int) -> bool:
    """Tell whether a supposed name is the beginning of a notice that quotes a title.

    `Gwen changed the subject from "Y6: Trip" to …` has its first colon inside the quotes.
    """
    if wording.OPENS_A_TITLE.fullmatch(name):
        return True
    opened = name.count('"') % 2 or any(name.count(a) > name.count(b) for a, b in _QUOTES)
    return bool(opened) and seen <= 1


def _parts(name: str, second: Sequence[str | None], added: Collection[str]) -> tuple[str, ...]:
    """The longer names that begin with this one, as far as the file bears them out."""
    counts = Counter(_plain(part) for part in second if part is not None)
    alone = len(second) >= _OFTEN and len(counts) == 1 and None not in second
    return tuple(f"{name}: {part}" for part in counts if alone or f"{name}: {part}" in added)


def _split_after(rest: str, name: str, long: str) -> tuple[str | None, str] | None:
    """Split after the longer name; a notice about its bearer has no author."""
    end = rest.find(": ", len(name) + 2)
    if end > 0 and _plain(rest[:end]) == long:
        return rest[:end], rest[end + 2 :]
    text = _plain(rest)
    if text.startswith(f"{long} ") and wording.is_notice(text):
        return None, rest
    return None
