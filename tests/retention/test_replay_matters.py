"""A restore of an older backup knows the concerns that were raised, and those that were closed."""

from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from audit.actions import Action
from audit.journal.lines import Act
from audit.models import Entry, JournalLine
from messaging.models import Channel, Message
from oversight.models import Concern
from oversight.services import lost_concerns
from oversight.services.concerns import acknowledge_concern, close_concern, raise_concern
from retention.models import Matter
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.journal import acts, outside
from tests.retention.older import Restored, shipped
from tests.retention.replays import disposed, replayed
from tests.retention.scenes import WORDS, past_channel, words_in
from tests.roles import acting_as
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True)]

_KNOWN = Path(lost_concerns.__file__).parent.parent / "sql" / "matters_known.sql"


def _first(channel: Channel) -> Message:
    return Message.objects.filter(channel=channel, kind="text").earliest("seq")


def _bring_back() -> int:
    with acting_as("owner"):
        return lost_concerns.bring_back_concerns()


def test_what_was_passed_on_since_is_held_and_stands_at_the_desk_until_it_is_closed(
    restored: Restored,
    at: Clock,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    channel = past_channel(at, alice, bob)
    message = _first(channel)
    with restored():
        uid = raise_concern(by=bob, message_id=message.pk, note="He worries me").uid
    assert not Concern.objects.exists()

    assert (replayed().matters, replayed().matters) == (1, 0)
    assert (_bring_back(), _bring_back()) == (1, 0)
    disposed(hari, helen)
    assert words_in(channel) == 1
    concern = Concern.objects.get(uid=uid)
    assert (concern.message, concern.channel, concern.raised_by) == (message.pk, channel, None)
    desk = client_of(dana)
    for page in ("/safeguarding/", f"/safeguarding/concerns/{concern.number}/"):
        shown = desk.get(page).content.decode()
        assert "restore" in shown
        assert "He worries me" not in shown
    assert "Their note" not in shown, "it is a sentence of the product's"
    acknowledge_concern(by=dana, number=concern.number)
    close_concern(by=dana, number=concern.number)
    disposed(hari, helen)
    assert words_in(channel) == 0
    (entry,) = Entry.objects.filter(action=Action.HOLD_REPLAYED)
    assert (entry.subject, entry.facts["kind"]) == (uid, "matter.begun")


def test_what_was_closed_since_does_not_hold_again(
    restored: Restored, at: Clock, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    former = raise_concern(by=bob, message_id=_first(channel).pk)
    acknowledge_concern(by=dana, number=former.number)
    with restored():
        close_concern(by=dana, number=former.number)
        later = raise_concern(by=bob, message_id=say(alice, channel, "Of after the backup").pk)
        disposed(hari, helen)
    assert Matter.objects.get().ended_at is None

    done = replayed()
    assert (done.matters, done.messages) == (0, len(WORDS))
    assert words_in(channel) == 0
    assert Matter.objects.get().ended_at is not None
    assert not Matter.objects.filter(uid=later.uid).exists()
    assert _bring_back() == 0
    close_concern(by=dana, number=former.number)
    assert acts().count(Act.MATTER_ENDED) == 1


def test_the_journal_is_told_of_what_was_open_before_it_was_told_of_any(
    at: Clock, alice: User, bob: User, dana: User
) -> None:
    channel = past_channel(at, alice, bob)
    concern = raise_concern(by=bob, message_id=_first(channel).pk)
    written = JournalLine.objects.get(act=Act.MATTER_BEGUN).facts
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_journalline")
        cursor.execute(_KNOWN.read_text())
        cursor.execute(_KNOWN.read_text())
    shipped()
    (line,) = outside()
    assert (line.said.act, line.said.subject) == (Act.MATTER_BEGUN, concern.uid)
    assert line.said.facts == written
    assert dana.is_active
