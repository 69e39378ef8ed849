"""A disposal that is killed, at whatever step, is taken up: one certificate with right totals."""

from collections.abc import Callable, Iterator

import pytest

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from audit.models import Entry, Generation
from audit.verification.items import wrong_items
from audit.verification.log import wrong_log
from messaging.models import ContentKey, Message, MessageVersion
from messaging.rendering import messages_json
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.search.wholeness import lacking
from retention.models import Certificate, DisposalItem
from retention.proposing import due
from retention.verify import wrong_disposals
from tests.retention.conftest import PAST, Clock
from tests.retention.dying import dying
from tests.retention.journal import acts
from tests.retention.scenes import approved, held, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

#: Modules in which it is killed at least so often.
FEWEST = {
    "journaling": 13,
    "shipping": 14,
    "places": 12,
    "destroying": 20,
    "sealing_anew": 8,
    "keyring_move": 17,
    "keyring": 10,
    "gone": 8,
    "document": 16,
    "certifying": 7,
    "rebuild": 7,
}


@pytest.fixture
def disposer() -> Iterator[Callable[[], str]]:
    """Calls a disposer that dies where none has died before; returns where, or `done`."""
    with dying("tests.retention.killed_disposer") as carry_out:
        yield carry_out


def test_killed_at_every_step_it_ends_with_one_certificate_and_right_totals(
    disposer: Callable[[], str],
    at: Clock,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    monkeypatch.setattr(due, "CHUNK", 2)
    going = past_channel(at, alice, bob)
    past_channel(at, alice, bob, name="Another")
    with at(PAST):
        survivor = say(bob, going, "Held words")
    held(dana, person=bob)
    recent = say(bob, going, "This is new")
    disposal = approved(hari, helen)
    going_items = DisposalItem.objects.filter(chunk__disposal=disposal, held=False)
    doomed = set(going_items.values_list("message", flat=True))
    assert disposal.chunks.count() > 2

    died: list[str] = []
    while (where := disposer()) != "done":
        assert "failed" not in where
        died.append(where)

    keyring.forget()
    for module, fewest in FEWEST.items():
        assert sum(f"/{module}.py" in where for where in died) >= fewest, module
    certificate = Certificate.objects.get()
    assert certificate.document["messages"] == len(doomed)
    assert certificate.document["versions"] == len(doomed)
    assert certificate.document["spared"] == 0
    assert not Message.objects.filter(id__in=doomed).exists()
    assert not MessageVersion.objects.filter(message__in=doomed).exists()
    entered = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE)
    assert entered.count() == disposal.chunks.count()
    assert sum(entry.facts["count"] for entry in entered) == len(doomed)
    assert Entry.objects.filter(action=Action.DISPOSAL_CERTIFIED).count() == 1
    said = acts()
    ended = said.count(Act.DISPOSAL_DONE) + said.count(Act.DISPOSAL_WITHDRAWN)
    assert said.count(Act.DISPOSAL_DONE) == disposal.chunks.count()
    assert said.count(Act.DISPOSAL_INTENDED) == ended
    assert journal_problems(whole=True) == []

    survivor.refresh_from_db()
    assert survivor.out_of_view
    assert messages_json([survivor])[0]["body"] == "Held words"
    assert messages_json([recent])[0]["body"] == "This is new"
    assert len(keyring.ring().generations) == Generation.objects.count() == 1
    assert not ContentKey.objects.filter(current=False).exists()
    assert lacking() == []
    everything = Scope(channels=None, versions=True)
    assert search(everything, parse("marmalade")).hits == []
    assert not list(wrong_log())
    assert not list(wrong_items())
    assert not list(wrong_disposals())
