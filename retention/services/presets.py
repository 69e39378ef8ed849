"""Choosing the presets of a nation and of a type of school."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from audit.sealed import seal_record
from audit.services import record
from messaging.models import Message
from retention.exceptions import NotAllowed, RetentionError
from retention.locks import stop_destroying
from retention.models import Policy
from retention.presets import Preset, presets_for
from retention.queries.rules import history_of, keeps_less
from retention.reasons import checked_reason
from retention.record_classes import POLICY
from retention.showing_again import show_again
from retention.tasks import announce


class InUse(RetentionError):
    """Something is written or approved already: an approver chooses the presets under /records/."""


class NoSuchPresets(RetentionError):
    """There are no presets for that nation or for that type of school."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Names of the rules that have a new version, and of those that would keep less than now and
    stay: two people change these one by one."""

    changed: tuple[str, ...]
    left: tuple[str, ...]


@transaction.atomic
def choose_presets(*, by: User | None, nation: str, school_type: str, reason: str) -> Chosen:
    """Put the presets in force, less those rules that the school approved itself.

    `by` None is whoever sets the school up, before anything is written. Presets wait for the
    school's approval as before. Where something is written, a rule that would keep less stays.
    """
    in_use = Message.objects.exists()
    if by is None and (in_use or Policy.objects.exclude(approved_by=None).exists()):
        raise InUse
    if by is not None and not may(by, "approve_records"):
        raise NotAllowed
    reason = checked_reason(reason)
    stop_destroying()
    changed, left = _put_in_force(by, _presets(nation, school_type), in_use=in_use)
    sealed = seal_record(POLICY, {"reason": reason, "changed": changed, "left": left})
    record(
        Action.PRESETS_CHOSEN,
        actor=by.pk if by else None,
        subject=None,
        nation=nation,
        school_type=school_type,
        count=len(changed),
        **sealed.facts(),
    )
    show_again()
    announce.defer()
    return Chosen(changed=tuple(changed), left=tuple(left))


def _presets(nation: str, school_type: str) -> tuple[Preset, ...]:
    try:
        return presets_for(nation, school_type)
    except KeyError:
        raise NoSuchPresets from None


def _put_in_force(
    by: User | None, presets: tuple[Preset, ...], *, in_use: bool
) -> tuple[list[str], list[str]]:
    changed, left = [], []
    for preset in presets:
        former = history_of(preset.record_class).first()
        if former and (_is_schools_own(preset.record_class) or _says_the_same(preset, former)):
            continue
        if former and in_use and keeps_less(preset, former):
            left.append(preset.name)
            continue
        version = former.version + 1 if former else 1
        Policy.objects.create(version=version, proposed_by=by, **vars(preset))
        changed.append(preset.name)
    return changed, left


def _is_schools_own(record_class: str) -> bool:
    approved = Policy.objects.filter(record_class=record_class).exclude(approved_by=None)
    return approved.exists()


def _says_the_same(preset: Preset, former: Policy) -> bool:
    return all(getattr(former, name) == value for name, value in vars(preset).items())
