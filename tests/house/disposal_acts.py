"""The acts of a disposal's steps, with a call of each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils import timezone

from retention.models import Disposal, Objection
from retention.services import clearances, disposals, objections, steps
from tests.house.proposals import owners_may_object
from tests.house.world import DUE_DAY, World
from tests.retention.scenes import let_days_pass
from tests.roles import acting_as

REASON: Final = "A reason of more than twenty characters"

type Act = Callable[[World], object]


def _as_it_was(w: World, **facts: object) -> None:
    with acting_as("owner"):
        Disposal.objects.filter(pk=w.disposal.pk).update(**facts)


def _decided(w: World) -> None:
    objections.decide_objection(
        by=w.helen,
        number=w.disposal.number,
        objection_id=w.objection.id,
        upheld=False,
        reason=REASON,
    )


def _not_objected(w: World) -> None:
    with acting_as("owner"):
        Objection.objects.filter(pk=w.objection.pk).delete()
    owners_may_object(w.disposal, until=timezone.now() + timedelta(days=1))


def _ready(w: World) -> None:
    _as_it_was(w, proposed_by=w.helen, record_class="routine", object_before=timezone.now())
    if Objection.objects.filter(decided_by=None).exists():
        _decided(w)


def _approved_long_ago(w: World) -> None:
    _ready(w)
    disposals.approve_disposal(by=w.chris, number=w.disposal.number)
    let_days_pass(w.disposal, 31)


ACTS: Final[dict[Callable[..., object], Act]] = {
    disposals.propose_disposals: lambda w: disposals.propose_disposals(by=w.priya, today=DUE_DAY),
    disposals.approve_disposal: lambda w: disposals.approve_disposal(
        by=w.chris, number=w.disposal.number
    ),
    disposals.withdraw_disposal: lambda w: disposals.withdraw_disposal(
        by=w.helen, number=w.disposal.number
    ),
    disposals.put_disposal_forward: lambda w: disposals.put_disposal_forward(
        by=w.priya, number=w.disposal.number
    ),
    disposals.stop_disposal: lambda w: disposals.stop_disposal(
        by=w.priya, number=w.disposal.number, reason=REASON
    ),
    disposals.lapse_disposal: lambda w: disposals.lapse_disposal(number=w.disposal.number),
    objections.object_to_disposal: lambda w: objections.object_to_disposal(
        by=w.alice, channel_id=w.channel.id, number=w.disposal.number, reason=REASON
    ),
    objections.decide_objection: _decided,
    clearances.clear_disposal: lambda w: clearances.clear_disposal(
        by=w.dana, number=w.disposal.number, part="safeguarding"
    ),
    steps.change_steps: lambda w: steps.change_steps(by=w.helen, wanted={"object_days": 5}),
}

#: What has to be so before; where nothing is undone between them, the last comes first.
BEFORE: Final[dict[Callable[..., object], Act]] = {
    disposals.propose_disposals: lambda w: disposals.withdraw_disposal(
        by=w.helen, number=w.disposal.number
    ),
    disposals.lapse_disposal: _approved_long_ago,
    disposals.approve_disposal: _ready,
    disposals.put_disposal_forward: lambda w: _as_it_was(w, proposed_by=None),
    clearances.clear_disposal: lambda w: _as_it_was(w, record_class="safeguarding"),
    objections.object_to_disposal: _not_objected,
}
