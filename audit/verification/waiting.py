"""Entries that have no leaf yet, and those that should have one."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from audit.entries import leaf_of
from audit.models import Entry, Unsealed
from audit.verification.findings import Deed, Finding

_CHUNK = 2_000


def wrong_queue() -> Iterator[Finding]:
    """A sentence for each entry that was kept out of the tree, with no leaf and waiting for none,
    for each that was removed before it had one, and for each that was changed before."""
    kept_out = Entry.objects.filter(leaf=None, unsealed=None).order_by("id")
    for entry in kept_out.iterator(_CHUNK):
        yield Finding(
            deed=Deed.INSERTED,
            sentence=(
                f"Entry {entry.id} ({entry.uid}) is in the log, but was kept out of the tree: it "
                "was inserted past the product."
            ),
        )
    there = Exists(Entry.objects.filter(id=OuterRef("entry_id")))
    gone = Unsealed.objects.exclude(there).order_by("entry_id")
    for number in gone.values_list("entry_id", flat=True):
        yield Finding(
            deed=Deed.REMOVED,
            sentence=f"Entry {number} waited for the sealer, but is missing from the log.",
        )
    for entry in Entry.objects.exclude(unsealed=None).order_by("id").iterator(_CHUNK):
        if leaf_of(entry) != bytes(entry.hash):
            sentence = f"Entry {entry.id} ({entry.uid}) was changed before it was sealed."
            yield Finding(deed=Deed.CHANGED, sentence=sentence)
