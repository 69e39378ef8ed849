"""The logs before each declared restore, as far as their heads were let out: for everybody.

A restore ends a log, and the next one goes on under another name. Of the former one there is what
came back with the backup, so that whoever kept a checkpoint of it can still hold the two together.
"""

from dataclasses import dataclass
from uuid import UUID

from audit.checkpoints import verifier_key
from audit.models import Checkpoint
from audit.origins import PREFIX, Tree, trees
from oversight.models import Publication
from oversight.queries.publications import tile_below


@dataclass(frozen=True, kw_only=True)
class FormerLog:
    """A log that a restore has ended.

    `log_id` stands in its address, `key` is the C2SP verifier key of its name, `published` the
    newest head that was let out over no more than came back, or None.
    """

    log_id: UUID
    name: str
    key: str
    published: Checkpoint | None


def former_logs() -> list[FormerLog]:
    """All of them, oldest first."""
    return [
        FormerLog(
            log_id=UUID(tree.name.removeprefix(PREFIX)),
            name=tree.name,
            key=verifier_key(tree.name),
            published=_published(tree),
        )
        for tree in trees()[:-1]
    ]


def former_checkpoint(log_id: UUID) -> Checkpoint | None:
    """The newest head of a former log that was let out; None for any other log."""
    tree = _former(log_id)
    return _published(tree) if tree else None


def former_tile(log_id: UUID, path: str) -> bytes | None:
    """The tile of a former log at a C2SP path, if that head covers all of it."""
    tree = _former(log_id)
    head = _published(tree) if tree else None
    return tile_below(head, tree, path) if tree and head else None


def _former(log_id: UUID) -> Tree | None:
    return next((tree for tree in trees()[:-1] if tree.name == f"{PREFIX}{log_id}"), None)


def _published(tree: Tree) -> Checkpoint | None:
    """Not one over more than came back: its tiles are gone."""
    found = Publication.objects.select_related("checkpoint").order_by("-checkpoint__size")
    newest = found.filter(checkpoint__origin=tree.origin, checkpoint__size__lte=tree.size).first()
    return newest.checkpoint if newest else None
