"""What may still open what was disposed of, as its certificate says: copies of the keyring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings

from audit.canonical import Json
from audit.clock import iso
from retention.certificates.fields import act, day_or_none, iso_or_none
from retention.models import PlaceLoss

_METHOD: Final = (
    "The messages, their earlier versions, their files and what the search knew of them were "
    "deleted, and the keys that opened them were destroyed by a move of the keyring. The keys that "
    "the school has now open them in no copy of the database, of its journal or of the storage of "
    "files."
)


@dataclass(frozen=True, kw_only=True)
class Copies:
    """By when copies of the keyring are to be gone, and when they were seen to be, or None; `lost`
    of those that nobody can see any more, as two people declared."""

    end_by: datetime
    ended: datetime | None
    lost: Sequence[PlaceLoss] = ()


def what_remains(copies: Copies) -> dict[str, Json]:
    """What may still open what is gone: by when it ends, or that it has."""
    ended = copies.ended.date() if copies.ended else None
    return {
        "beyond_use_on": copies.end_by.date().isoformat(),
        "copies_ended_on": day_or_none(ended),
        "copies_declared": [_declared(one) for one in copies.lost],
        "snapshot_days": settings.BACKUPS.snapshot_days,
        "method": _METHOD,
        "remains": f"{_copies(ended)}{_lost(copies.lost)} {_elsewhere()}",
    }


def _declared(loss: PlaceLoss) -> dict[str, Json]:
    """That a folder of copies was lost, which nobody saw: by its id, the day, and who says so."""
    return {
        "place": str(loss.place_id),
        "lost_on": loss.lost_on.isoformat(),
        "declared": act(loss.proposed_by, iso(loss.proposed_at)),
        "agreed": act(loss.decided_by, iso_or_none(loss.decided_at)),
    }


def _lost(losses: Sequence[PlaceLoss]) -> str:
    places = len({one.place_id for one in losses})
    if not places:
        return ""
    folders = "1 folder" if places == 1 else f"{places} folders"
    return (
        f" Of {folders} with such copies it was not seen: two people have declared that it was lost"
        " or destroyed."
    )


def _copies(ended: date | None) -> str:
    if ended is None:
        return (
            "Copies of the keyring from before the move are to be destroyed within"
            f" {settings.BACKUPS.keyring_days} days; until then they open older backups."
        )
    return (
        "Where backups of the keyring are written no copy from before the move is left: that the"
        f" last was gone was seen on {ended:%-d %B %Y}. Copies put elsewhere are not covered by"
        " this certificate."
    )


def _elsewhere() -> str:
    return (
        "Older backups of the database still say who wrote when and in which channel, but not what."
        " Snapshots of the whole machine, replicas and archives of the database hold keys and"
        " messages together and are not covered by this certificate:"
        f" {_snapshots(settings.BACKUPS.snapshot_days)}."
    )


def _snapshots(days: int | None) -> str:
    if days is None:
        return "the school has not said how long it keeps any"
    if days == 0:
        return "the school says that it keeps none"
    return f"the school says that it keeps them for {days} days"
