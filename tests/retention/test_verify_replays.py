"""An entry that says that something went again is held against the journal and the declaration."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction

from accounts.models import User
from audit.actions import Action
from audit.entries import ItemOfAct
from audit.restores import declare_restore
from audit.services import record_bulk
from audit.signing import sign_checkpoint
from messaging.models import Message
from retention.models import Replay
from retention.replaying.verify import wrong_replays
from tests.retention.conftest import Clock
from tests.retention.older import Restored
from tests.retention.replays import disposed, replayed
from tests.retention.scenes import past_channel
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)


def _found() -> list[str]:
    return [finding.sentence for finding in wrong_replays()]


def _forge(batch: UUID, message: UUID) -> None:
    """What hides that somebody took a message away."""
    item = ItemOfAct(subject=message, version=1, commitment=bytes(32))
    with acting_as("owner"), transaction.atomic():
        record_bulk(
            Action.DISPOSAL_REPLAYED, actor=None, subject=batch, items=[item],
            number=1, chunk=1, channel=uuid4(), position=1, line=1,
        )  # fmt: skip


def test_one_that_the_journal_does_not_know_is_found(at: Clock, alice: User) -> None:
    channel = past_channel(at, alice)
    with acting_as("sealer"):
        sign_checkpoint()
    _forge(uuid4(), Message.objects.filter(channel=channel)[0].pk)
    with acting_as("owner"):
        declare_restore()
    (said,) = _found()
    assert "neither the journal nor a restore knows" in said


def test_a_replay_without_a_declared_restore_is_found_and_with_one_it_is_not(
    restored: Restored, at: Clock, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    with acting_as("sealer"):
        sign_checkpoint()
    with restored():
        disposed(hari, helen)
    replayed()
    (said,) = _found()
    assert "no restore was declared after it" in said
    with acting_as("owner"):
        declare_restore()
    assert _found() == []
    with acting_as("owner"):
        Replay.objects.all().delete()
    (said,) = _found()
    assert "neither the journal nor a restore knows" in said
