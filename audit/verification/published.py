"""Heads that were handed out, and must therefore be there still."""

from collections.abc import Iterator

from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from audit.actions import Action
from audit.models import Checkpoint, Entry
from audit.verification.findings import Deed, Finding


def wrong_publications() -> Iterator[Finding]:
    """A sentence for each checkpoint that was published and is not among the signed heads."""
    size = Cast(KT("facts__size"), BigIntegerField())
    published = Entry.objects.filter(action=Action.CHECKPOINT_PUBLISHED).annotate(over=size)
    kept = Exists(Checkpoint.objects.filter(size=OuterRef("over")))
    for over in published.exclude(kept).order_by("id").values_list("over", flat=True):
        yield Finding(
            deed=Deed.REMOVED,
            sentence=f"The checkpoint over {over} entries, which was published, was removed.",
        )
