"""Sealing: committed entries get their leaves, and the tree its tiles.

Senders never wait for this: the sealer numbers leaves in the order in which it first sees them
committed, by id among those that it sees together ("not yet sealed", never "above the last id"),
so that a transaction that stays open holds nobody else up. Two sealers exclude each other by a
lock, and one that is killed leaves all of a batch or nothing of it.
"""

from pathlib import Path
from typing import Final

from django.db import connection, transaction

from audit.models import Unsealed
from audit.origins import Tree, begun_tree
from audit.statements import array, ask, statement_of
from audit.tiles import keep_full_tiles

#: The number of the advisory lock that whoever seals or signs holds for its transaction.
SEALER_LOCK: Final = 7_001
#: So many entries become leaves in one transaction: a tenth of a second's work.
BATCH: Final = 5_000
_LEAVES: Final = statement_of(Path(__file__).parent / "sql" / "leaves.sql")


def lock_tree() -> None:
    """Wait until nobody else seals or signs; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])


@transaction.atomic
def seal(most: int = BATCH) -> int:
    """Give the entries that wait a leaf each, at most so many; how many there were.

    What has a leaf already is only taken out: a sealer from before the queue was still at work.
    """
    waiting = Unsealed.objects.order_by("entry_id")
    if not waiting.exists():
        return 0
    lock_tree()
    tree = begun_tree()
    found = list(waiting.values_list("entry_id", "entry__leaf")[:most])
    fresh = [entry for entry, leaf in found if leaf is None]
    values = {
        "first": tree.first + tree.size,
        "entries": array(fresh),
        "done": array(entry for entry, _ in found),
    }
    ask(_LEAVES, values)
    grown = Tree(origin=tree.origin, name=tree.name, first=tree.first, size=tree.size + len(fresh))
    keep_full_tiles(grown)
    return len(found)


def seal_all() -> int:
    """Seal whatever waits; how many entries there were."""
    sealed = 0
    while done := seal():
        sealed += done
    return sealed
