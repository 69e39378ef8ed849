"""What a certificate says of a disposal (rules 4D, step 8): names of people, and no words."""

from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum

from accounts.queries import provenance
from audit.actions import Action
from audit.canonical import Json
from audit.checkpoints import log_name, newest_checkpoint
from audit.clock import iso
from audit.models import Checkpoint, Entry
from audit.tree.frontier import root_of
from audit.tree.hashes import leaf_hash
from messaging.models import File
from retention.certificates.fields import act, day_or_none, iso_or_none
from retention.certificates.remains import Copies, what_remains
from retention.due.terms import Trigger
from retention.models import Certificate, Disposal

FORM: Final = 3
"""Of the document: the first had no number, the second neither days nor bytes of messages."""


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
        "proposed": act(disposal.proposed_by, iso(disposal.proposed_at)),
        "approved": act(disposal.approved_by, iso_or_none(disposal.approved_at)),
        **_carried_out(disposal),
        **_proof(disposal),
        **what_remains(copies),
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
        "first_day": day_or_none(days["first"]),
        "last_day": day_or_none(days["last"]),
        "first_month": _month(months["first"]),
        "last_month": _month(months["last"]),
        "channels": done.values("channel").distinct().count(),
    }


def _carried_out(disposal: Disposal) -> dict[str, Json]:
    """When, and when holds were last asked: each chunk does in its transaction."""
    last = disposal.chunks.aggregate(last=Max("done_at"))["last"]
    return {
        "carried_out": {"from": iso_or_none(disposal.started_at), "until": iso_or_none(last)},
        "holds_checked_at": iso_or_none(last),
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


def _month(month: date | None) -> str | None:
    return month.strftime("%Y-%m") if month else None
