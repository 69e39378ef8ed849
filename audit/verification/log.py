"""The whole log, verified."""

from collections.abc import Iterator
from itertools import chain

from audit.models import Checkpoint, Leaf
from audit.origins import Tree, trees
from audit.verification.findings import Deed, Finding
from audit.verification.items import wrong_items
from audit.verification.leaves import Progress, Walk
from audit.verification.outside import wrong_memory, wrong_restores
from audit.verification.waiting import wrong_queue


def wrong_log(progress: Progress = lambda _: None) -> Iterator[Finding]:
    """Everything that is wrong with the log, streamed; `progress` is told how many leaves are done.

    The order is that of the record: what a tree's leaves show first, then what surrounds them.
    """
    known = trees()
    return chain(
        *(Walk(tree).wrong(progress) for tree in known),
        _of_no_origin(known),
        wrong_restores(),
        wrong_queue(),
        wrong_items(),
        wrong_memory(),
    )


def _of_no_origin(known: list[Tree]) -> Iterator[Finding]:
    """Heads and leaves of logs that are not there."""
    first = known[0].first if known else None
    if first != 0 and (first is not None or Leaf.objects.exists()):
        sentence = "The beginning of the log is gone: there are leaves that belong to no log."
        yield Finding(deed=Deed.REMOVED, leaf=0, sentence=sentence)
    if Leaf.objects.filter(number__lt=0).exists():
        sentence = "Leaves were inserted before the beginning of the log."
        yield Finding(deed=Deed.INSERTED, leaf=0, sentence=sentence)
    origins = {tree.origin for tree in known}
    stray = Checkpoint.objects.exclude(origin__in=origins).order_by("size").first()
    if stray is not None:
        yield Finding(
            deed=Deed.REMOVED,
            sentence=(
                f"There is a checkpoint over {stray.size} entries of a log that is not there: its "
                "leaves were removed."
            ),
        )
