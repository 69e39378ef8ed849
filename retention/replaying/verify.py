"""Holding what a restore disposed of again against the journal and the declaration."""

from collections.abc import Iterator

from audit.actions import Action
from audit.journal.lines import Act
from audit.models import Entry, JournalLine
from audit.verification.findings import Deed, Finding
from retention.models import Replay


def wrong_replays() -> Iterator[Finding]:
    """A sentence for each entry that says so without a line of the journal behind it, or without
    a restore that was declared afterwards."""
    last = Entry.objects.filter(action=Action.LOG_RESTORED).order_by("-id").first()
    for entry in Entry.objects.filter(action=Action.DISPOSAL_REPLAYED).order_by("id"):
        if not _is_known(entry):
            yield _forged(entry, "of which neither the journal nor a restore knows")
        elif last is None or last.pk < entry.pk:
            yield _forged(entry, "and no restore was declared after it")


def _is_known(entry: Entry) -> bool:
    facts = entry.facts
    if entry.subject is None:
        return False
    line = JournalLine.objects.filter(
        line=facts["line"], act=Act.DISPOSAL_DONE, subject=entry.subject
    )
    row = Replay.objects.filter(
        batch=entry.subject, chunk=facts["chunk"], line=facts["line"], replayed_at__isnull=False
    )
    return line.exists() and row.exists()


def _forged(entry: Entry, why: str) -> Finding:
    return Finding(
        deed=Deed.FORGED,
        sentence=(
            f"Entry {entry.pk} ({entry.uid}) says that something was disposed of again, {why}: "
            "it was forged."
        ),
    )
