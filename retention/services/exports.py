"""Asking for an export, and deciding about it by another person who is not its subject."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.clock import now
from audit.sealed import Sealed, seal_record
from audit.services import record
from messaging.models import Channel
from retention.exceptions import (
    AlreadyShown,
    BadPeriod,
    ConcernsYou,
    ExportEnded,
    NeedsAnother,
    NotAllowed,
    NotApproved,
    NotOpen,
)
from retention.exports.encryption import check_passphrase, new_passphrase
from retention.exports.opening import passphrase_of, seal_passphrase
from retention.models import Export, ExportSubject, Hold
from retention.placing import Looked, Scope, put_in_force
from retention.queries.exports import export_for
from retention.queries.reach import exportable_for
from retention.reasons import checked_reason
from retention.record_classes import EXPORT

#: A request is answered in a month, or in three where it is a large one.
_LOOK_AGAIN: Final = timedelta(days=92)


@transaction.atomic
def request_export(
    *,
    by: User,
    channel: Channel,
    since: date,
    until: date,
    purpose: str,
    reason: str,
    recipient: str,
    subjects: Iterable[User] = (),
    passphrase: str | None = None,
) -> Export:
    """Ask for the messages of a channel from one day to another, both included (local days).

    Whoever a restricted channel is about and the people of a direct conversation are subjects
    without being named. The passphrase is made here, and sealed until it is shown. A request for
    information (Export.REQUESTS) holds what it concerns with this, until two people release that.
    """
    if until < since:
        raise BadPeriod
    concerned = _subjects(channel, subjects)
    _check_may_ask(by, channel, concerned)
    reason = checked_reason(reason)
    sealed = seal_record(EXPORT, {"reason": reason, "recipient": recipient.strip()})
    days = {"since": since, "until": until}
    export = Export(channel=channel, **days, purpose=purpose, record=sealed.id, requested_by=by)
    _give_passphrase(export, passphrase or new_passphrase())
    export.save(force_insert=True)
    ExportSubject.objects.bulk_create(
        [ExportSubject(export=export, person=person) for person in concerned.values()]
    )
    _record_request(export, sealed, _hold_what_is_asked_for(export, reason))
    return export


def _hold_what_is_asked_for(export: Export, reason: str) -> Hold | None:
    """The channel and the days of a request for information; nothing for another purpose."""
    if export.purpose not in Export.REQUESTS:
        return None
    # Of UTC, as a hold counts: a local day begins and ends less than a day before or after it.
    since = export.since - timedelta(days=1) if export.since > date.min else export.since
    until = export.until + timedelta(days=1) if export.until < date.max else export.until
    placed = put_in_force(
        Scope(channels=[export.channel], since=since, until=until),
        Looked(
            by=export.requested_by,
            kind=Hold.Kind.REQUEST,
            reason=reason,
            review_on=now().date() + _LOOK_AGAIN,
        ),
        export=export,
    )
    return placed.hold


def _check_may_ask(by: User, channel: Channel, concerned: Mapping[object, User]) -> None:
    if not may(by, "use_records"):
        raise NotAllowed
    if by.pk in concerned or not exportable_for(by).filter(pk=channel.pk).exists():
        raise ConcernsYou


def _give_passphrase(export: Export, passphrase: str) -> None:
    check_passphrase(passphrase)
    opening = seal_passphrase(export.uid, passphrase)
    export.generation_id, export.wrapped = opening.generation_id, opening.wrapped
    export.sealed = opening.sealed


def _record_request(export: Export, sealed: Sealed, hold: Hold | None) -> None:
    record(
        Action.EXPORT_REQUESTED,
        actor=export.requested_by_id,
        subject=export.uid,
        number=export.number,
        purpose=export.purpose,
        channel=export.channel_id,
        since=export.since.isoformat(),
        until=export.until.isoformat(),
        **({"hold": hold.uid} if hold else {}),
        **sealed.facts(),
    )


@transaction.atomic
def approve_export(*, by: User, number: int) -> Export:
    """Approve: an approver who did not ask for it and whom it does not concern."""
    export = _decidable(by, number)
    _decide(export, state=Export.State.APPROVED, approved_by=by, approved_at=now())
    record(Action.EXPORT_APPROVED, actor=by.pk, subject=export.uid, number=number)
    return export_for(by, number)


@transaction.atomic
def refuse_export(*, by: User, number: int) -> Export:
    """Refuse; whoever asked may ask again, for less."""
    export = _decidable(by, number)
    _decide(export, state=Export.State.REFUSED, refused_by=by, refused_at=now())
    record(Action.EXPORT_REFUSED, actor=by.pk, subject=export.uid, number=number)
    return export_for(by, number)


@transaction.atomic
def show_passphrase(*, by: User, number: int) -> str:
    """The passphrase, once, to the person who asked and only after the approval."""
    export = export_for(by, number)
    if export.requested_by_id != by.pk:
        raise NotAllowed(
            gettext_noop("Only the person who asked for the export is shown its passphrase.")
        )
    if export.state not in {Export.State.APPROVED, Export.State.WRITTEN}:
        raise NotApproved
    if export.ended_at is not None:
        raise ExportEnded
    shown = Export.objects.filter(number=number, passphrase_shown_at=None)
    if not shown.update(passphrase_shown_at=now()):
        raise AlreadyShown
    record(Action.EXPORT_PASSPHRASE_SHOWN, actor=by.pk, subject=export.uid, number=number)
    return passphrase_of(export)


def _decidable(by: User, number: int) -> Export:
    """The export, if this person may decide about it; to its subject it does not exist."""
    export = export_for(by, number)
    if export.requested_by_id == by.pk:
        raise NeedsAnother
    if not may(by, "approve_records"):
        raise NotAllowed
    return export


def _decide(export: Export, **changes: object) -> None:
    waiting = Export.objects.filter(number=export.number, state=Export.State.REQUESTED)
    if not waiting.update(**changes):
        raise NotOpen


def _subjects(channel: Channel, named: Iterable[User]) -> dict[object, User]:
    """Everybody whom the export concerns, by id."""
    about = Q(pk__in=channel.subjects.values("person"))
    if channel.kind == Channel.Kind.DIRECT:
        about |= Q(pk__in=channel.memberships.values("person"))
    return {person.pk: person for person in (*named, *User.objects.filter(about))}
