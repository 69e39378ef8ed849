"""The replay, which `restore` calls on an older database before anybody can sign in.

First what protects: holds, open matters, closed accounts, ended roles; then what was destroyed.
Each step leaves alone what it finds done, so that it may be killed anywhere and called again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from audit.journal.lines import Act, Line
from audit.journal.places import Place, place
from audit.journal.shipping import ship
from audit.models import JournalLine
from retention.models import Replay
from retention.replaying.adopting import adopt, begun
from retention.replaying.certificates import list_certificates
from retention.replaying.disposals import (
    Intentions,
    dispose_again,
    keep_numbers,
    list_unclear,
    open_door,
    withdraw_open,
)
from retention.replaying.holds import place_holds, release_holds
from retention.replaying.matters import follow_matters
from retention.replaying.people import close_accounts, end_roles
from retention.replaying.reading import read_through
from retention.showing_again import show_again

_IDS: Final = ("due", "held")
_NUMBERED: Final[Mapping[Act, str]] = {
    Act.HOLD_PLACED: "public.retention_hold",
    Act.DISPOSAL_INTENDED: "public.retention_disposal",
    Act.CERTIFICATE_ISSUED: "public.retention_certificate",
}

#: What is being done, for a terminal.
type Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What the journal knew and the database did not. `messages` were destroyed again, `unclear`
    chunks wait for a person; `lines` is how long the journal was. `matters` hold again by
    themselves. By their numbers, holds that were not placed again: `unheld` since what they are on
    is of after the backup, `unplaced` since nobody in it works with records."""

    lines: int
    holds: int
    unheld: tuple[int, ...]
    unplaced: tuple[int, ...]
    released: int
    matters: int
    accounts: int
    roles: int
    chunks: int
    messages: int
    unclear: int


def replay(
    journal: Place | None = None,
    *,
    known: int | None = None,
    say: Say = lambda _line: None,
) -> Replayed:
    """Make the restored database know what has happened since, and let the journal go on with it.

    `known` is the last line that the backup knew, which is not to be seen any more where a restore
    was ended behind its replay and goes on; None for the last one that the database knows.
    To be called as the owner, with the keyring in its place, before anybody can sign in. Raises a
    JournalError where the journal is not whole and this school's own, before anything is changed.
    """
    journal = journal or place()
    lines = list(_small(read_through(journal)))
    seen = Intentions()
    for line in lines:
        seen.see(line)
    row = begun()
    position = row.facts["position"] if known is None else known
    since = [line for line in lines if line.number > position]
    say(f"{len(since)} lines of the journal are younger than the backup")
    adopt(read_through(journal))

    placed, released = place_holds(since), release_holds(since)
    matters = follow_matters(since)
    roles, accounts = end_roles(since), close_accounts(since)
    chunks, messages = _dispose(journal, seen, since, say)
    for line in seen.without_end(journal):
        list_unclear(line)
    list_certificates(since)
    withdraw_open()
    _show_again()
    keep_numbers(_highest(lines))
    unclear = Replay.objects.filter(kind=Replay.Kind.UNCLEAR).count()
    _finish(row, chunks, unclear, journal)
    return Replayed(
        lines=len(lines),
        holds=placed.placed,
        unheld=placed.nothing_to_hold,
        unplaced=placed.in_nobodys_name,
        released=released,
        matters=matters,
        accounts=accounts,
        roles=roles,
        chunks=chunks,
        messages=messages,
        unclear=unclear,
    )


def _small(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines without the ids of messages, which are many and read again where they are needed."""
    for line in lines:
        facts = {name: value for name, value in line.said.facts.items() if name not in _IDS}
        small = line.said.act == Act.DISPOSAL_INTENDED
        yield replace(line, said=replace(line.said, facts=facts), raw=b"") if small else line


def _dispose(journal: Place, seen: Intentions, since: list[Line], say: Say) -> tuple[int, int]:
    done = [line for line in since if line.said.act == Act.DISPOSAL_DONE]
    if not done:
        return 0, 0
    chunks = messages = 0
    with open_door():
        for line in done:
            intended = seen.of(line, journal)
            if line.said.facts["chunk"] == 1:
                say(f"disposing again of what disposal {line.said.facts['number']} disposed of")
            if row := dispose_again(line, intended):
                chunks += 1
                messages += row.destroyed
    return chunks, messages


def _highest(lines: Iterable[Line]) -> dict[str, int]:
    """The highest number that the journal knows of each table."""
    highest: dict[str, int] = {}
    for line in lines:
        if table := _NUMBERED.get(line.said.act):
            number = int(str(line.said.facts["number"]))
            highest[table] = max(number, highest.get(table, 0))
    return highest


@transaction.atomic
def _show_again() -> None:
    """What was out of view only because it was held, and came back since."""
    show_again()


@transaction.atomic
def _finish(row: JournalLine, chunks: int, unclear: int, journal: Place) -> None:
    if row.line is None:
        facts = {**row.facts, "replayed": chunks, "unclear": unclear}
        JournalLine.objects.filter(pk=row.pk, line=None).update(facts=facts)
    ship(journal)
