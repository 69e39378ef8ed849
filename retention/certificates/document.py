"""What a certificate says of a disposal (rules 4D, step 8): names of people, and no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum

from accounts.models import User
from accounts.queries import provenance
from audit.actions import Action
from audit.canonical import Json
from audit.checkpoints import log_name, newest_checkpoint
from audit.clock import iso
from audit.models import Checkpoint, Entry
from audit.tree.frontier import root_of
from audit.tree.hashes import leaf_hash
from messaging.models import File
from retention.due.terms import Trigger
from retention.models import Certificate, Disposal, PlaceLoss

FORM: Final = 3
"""Of the document: the first had no number, the second neither days nor bytes of messages."""
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


def document_of(
    disposal: Disposal,
    *,
    number: int,
    issued_at: datetime,
    copies: Copies,
    former: Certificate | None = None,
) -> dict[str, Json]:
    """The document of a disposal that was carried out; `former` is the one that it supersedes."""
    disposal.refresh_from_db()
    return {
        "form": FORM,
        "certificate": number,
        **_stands_for(former),
        "issued_at": iso(issued_at),
        **_issuer(),
        **_rule(disposal),
        **_span(disposal),
        **_amounts(disposal),
        "proposed": _act(disposal.proposed_by, iso(disposal.proposed_at)),
        "approved": _act(disposal.approved_by, _iso(disposal.approved_at)),
        **_carried_out(disposal),
        **_proof(disposal),
        **_rest(copies),
    }


def _stands_for(former: Certificate | None) -> dict[str, Json]:
    return {
        "supersedes": None if former is None else former.number,
        "supersedes_sha256": None if former is None else former.sha256,
    }


def _issuer() -> dict[str, Json]:
    origin = provenance()
    return {
        "school": origin.school_name if origin else "",
        "log": log_name(),
        "software": _software(),
    }


def _rule(disposal: Disposal) -> dict[str, Json]:
    return {
        "disposal": disposal.number,
        "record_class": disposal.record_class,
        "policy": _policy(disposal),
        "cut_off": disposal.cut_off.isoformat(),
    }


def _amounts(disposal: Disposal) -> dict[str, Json]:
    """How much went, and how much did not; what is not known of it is None."""
    totals = totals_of(disposal)
    return {
        "messages": totals["destroyed"],
        "message_bytes": totals["bytes"] if _is_measured(disposal) else None,
        "versions": totals["versions"],
        "content_keys": totals["keys"],
        "files": {
            "destroyed": totals["files"],
            "bytes": totals["file_bytes"],
            # Where the storage was away: without keys, and removed with the next disposal.
            "waiting_for_removal": File.objects.filter(attachments=None).count(),
        },
        "left_out": _left_out(disposal),
        # For whatever reason, since a hold must not give itself away to its subject.
        "spared": disposal.due - totals["destroyed"],
    }


def _is_measured(disposal: Disposal) -> bool:
    """Whether all of it was carried out by a version that writes down days and bytes."""
    return not disposal.chunks.filter(destroyed__gt=0, first_day=None).exists()


def _left_out(disposal: Disposal) -> dict[str, Json] | None:
    """By reason, the messages that the proposal left out or an objection took out; nothing that is
    held is among them. None where a version proposed it that wrote no reasons down, and of a reason
    where one took something out that counted what is held as well."""
    if disposal.due and disposal.first_day is None:
        return None
    unknown = Count("pk", filter=Q(messages=None))
    reasons = disposal.exclusions.values("reason").annotate(sum=Sum("messages"), unknown=unknown)
    return {
        row["reason"]: None if row["unknown"] else row["sum"] for row in reasons.order_by("reason")
    }


def _proof(disposal: Disposal) -> dict[str, Json]:
    return {
        "batch_sha256": disposal.digest,
        "batch_root": batch_root(disposal.uid).hex(),
        "retired_generation": disposal.generation,
        "checkpoint_before": _head(_before(disposal)),
        "checkpoint": _head(newest_checkpoint()),
    }


def _rest(copies: Copies) -> dict[str, Json]:
    """What may still open what is gone: by when it ends, or that it has."""
    ended = copies.ended.date() if copies.ended else None
    return {
        "beyond_use_on": copies.end_by.date().isoformat(),
        "copies_ended_on": _day(ended),
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
        "declared": _act(loss.proposed_by, iso(loss.proposed_at)),
        "agreed": _act(loss.decided_by, _iso(loss.decided_at)),
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


def totals_of(disposal: Disposal) -> dict[str, int]:
    """What its chunks did, added up."""
    names = (
        "destroyed", "versions", "bytes", "out_of_view", "spared", "keys", "files", "file_bytes",
    )  # fmt: skip
    return disposal.chunks.aggregate(**{name: Sum(name, default=0) for name in names})


def batch_root(disposal: UUID) -> bytes:
    """The RFC 6962 root over the roots that the log has of a disposal's chunks, in their order.

    An item is proved by its path to its chunk's root, and that by its path to this one.
    """
    chunks = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE, subject=disposal)
    roots = chunks.order_by("id").values_list("facts__root", flat=True)
    return root_of(leaf_hash(bytes.fromhex(root)) for root in roots)


def _software() -> str:
    try:
        return f"SchoolChat {version('schoolchat')}"
    except PackageNotFoundError:  # it runs from its folder
        return "SchoolChat"


def _span(disposal: Disposal) -> dict[str, Json]:
    """The months, the days (UTC) and the number of channels from which something went; the days are
    not known of what was carried out by an earlier version."""
    done = disposal.chunks.filter(destroyed__gt=0)
    months = done.aggregate(first=Min("month"), last=Max("month"))
    days = done.aggregate(first=Min("first_day"), last=Max("last_day"))
    if not _is_measured(disposal):
        days = {"first": None, "last": None}
    return {
        "first_day": _day(days["first"]),
        "last_day": _day(days["last"]),
        "first_month": _month(months["first"]),
        "last_month": _month(months["last"]),
        "channels": done.values("channel").distinct().count(),
    }


def _carried_out(disposal: Disposal) -> dict[str, Json]:
    """When, and when holds were last asked: each chunk does in its transaction."""
    last = disposal.chunks.aggregate(last=Max("done_at"))["last"]
    return {
        "carried_out": {"from": _iso(disposal.started_at), "until": _iso(last)},
        "holds_checked_at": _iso(last),
    }


def _before(disposal: Disposal) -> Checkpoint | None:
    """The newest signed head of before the first chunk."""
    if disposal.started_at is None:
        return None
    heads = Checkpoint.objects.filter(at__lte=disposal.started_at)
    return heads.order_by("-origin", "-size").first()


def _head(checkpoint: Checkpoint | None) -> dict[str, Json] | None:
    if checkpoint is None:
        return None
    return {"size": checkpoint.size, "root": bytes(checkpoint.root).hex()}


_TRIGGERS: Final = {
    Trigger.MESSAGE: "the day of sending, rounded up to the end of the month",
    Trigger.ACADEMIC_YEAR: "the end of the academic year",
    Trigger.CALENDAR_YEAR: "the end of the calendar year, rounded up to the end of the month",
    Trigger.LEAVING: "the day on which a person left, rounded up to the end of the month",
    Trigger.CLOSURE: "the day on which a case was closed, rounded up to the end of the month",
    Trigger.SET: "the date that was set, rounded up to the end of the month",
}


def _policy(disposal: Disposal) -> dict[str, Json]:
    policy = disposal.policy
    return {
        "name": policy.name,
        "version": policy.version,
        "months": policy.months,
        "days": policy.days,
        "trigger": _TRIGGERS[Trigger(policy.trigger)],
        "action": policy.action,
        "authority": policy.authority,
    }


def _act(person: User | None, at: str | None) -> dict[str, Json]:
    if person is None:
        return {"by": None, "name": "SchoolChat", "at": at}
    return {"by": str(person.pk), "name": person.display_name, "at": at}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _month(month: date | None) -> str | None:
    return month.strftime("%Y-%m") if month else None
