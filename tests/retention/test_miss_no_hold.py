"""A hold that a restore cannot place again is named by it."""

import pytest

from accounts.models import User
from audit.journal.shipping import head
from retention.models import Hold
from retention.replaying import Replayed
from retention.services.holds import release_hold
from schoolchat.restore.report import report
from schoolchat.restore.restoring import Restored as Result
from tests.cast import enter
from tests.retention.conftest import Clock
from tests.retention.older import Restored
from tests.retention.replays import replayed
from tests.retention.scenes import REASON, held, past_channel

pytestmark = [pytest.mark.django_db(transaction=True)]


def _said(again: Replayed, *problems: str) -> str:
    result = Result(
        replayed=again,
        entries=0, messages=0, versions=0, files=0, origin="", gap=0, problems=problems,
    )  # fmt: skip
    return "\n".join(report(result))


def test_one_that_can_stand_in_nobodys_name_is_named(
    restored: Restored, at: Clock, alice: User
) -> None:
    channel = past_channel(at, alice)
    with restored():
        dana, helen = enter("dana"), enter("helen")
        first, second = held(dana, channels=[channel]), held(dana, channels=[channel])
        over = held(dana, channels=[channel])
        release_hold(by=helen, number=over.number, reason=REASON)
    known = head().number
    said = _said(replayed())
    assert not Hold.objects.exists()
    assert f"Holds {first.number} and {second.number} were not placed again" in said
    assert "nobody in the backup works with records" in said
    # With problems there is no word that all is well; the holds are named all the same.
    # So it is where the restore was ended behind its replay, and goes on.
    assert _said(replayed(known=known), "The log was changed.").startswith("Holds ")


def test_one_on_what_is_of_after_the_backup_is_named(
    restored: Restored, at: Clock, alice: User, dana: User
) -> None:
    with restored():
        hold = held(dana, channels=[past_channel(at, alice)])
    assert f"Hold {hold.number} was not placed again, since the backup has none" in _said(
        replayed()
    )
