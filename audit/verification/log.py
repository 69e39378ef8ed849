"""The whole log, verified."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Min

from audit.models import Checkpoint, Leaf
from audit.origins import trees
from audit.verification.findings import Deed, Finding
from audit.verification.items import wrong_items
from audit.verification.leaves import Progress, Walk
from audit.verification.outside import wrong_memory
from audit.verification.published import wrong_publications
from audit.verification.readable import readable
from audit.verification.restored import wrong_restores
from audit.verification.waiting import wrong_queue


def wrong_log(progress: Progress = lambda _: None) -> Iterator[Finding]:
    """Everything that is wrong with the log, streamed; `progress` is told how many leaves are done.

    The order is that of the record: what a tree's leaves show first, then what surrounds them.
    """
    known = trees()
    return chain(
        *(readable(Walk(tree).wrong(progress), "The leaves of the log") for tree in known),
        readable(_of_no_origin(), "The heads of the log"),
        readable(wrong_restores(), "The declared restores"),
        readable(wrong_publications(), "The published checkpoints"),
        readable(wrong_queue(), "The entries that wait for the sealer"),
        readable(wrong_items(), "The items of acts"),
        readable(wrong_memory(), "The last signed head"),
    )


def _of_no_origin() -> Iterator[Finding]:
    """Heads and leaves of logs that are not there."""
    heads = dict(Checkpoint.objects.values_list("origin").annotate(Min("size")))
    known = trees()  # after the heads: a log that began meanwhile is there
    first = known[0].first if known else None
    if first != 0 and (first is not None or Leaf.objects.exists()):
        sentence = "The beginning of the log is gone: there are leaves that belong to no log."
        yield Finding(deed=Deed.REMOVED, leaf=0, sentence=sentence)
    if Leaf.objects.filter(number__lt=0).exists():
        sentence = "Leaves were inserted before the beginning of the log."
        yield Finding(deed=Deed.INSERTED, leaf=0, sentence=sentence)
    for origin in heads.keys() - {tree.origin for tree in known}:
        yield Finding(
            deed=Deed.REMOVED,
            sentence=(
                f"There is a checkpoint over {heads[origin]} entries of a log that is not there: "
                "its leaves were removed."
            ),
        )
