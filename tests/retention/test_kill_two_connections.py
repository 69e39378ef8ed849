"""A disposal that is killed while two connections destroy is taken up: one certificate."""

import pytest

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from audit.models import Entry
from audit.verification.log import wrong_log
from messaging.models import MessageVersion
from retention.models import Certificate, DisposalItem
from retention.verify import wrong_disposals
from tests.retention.conftest import Clock
from tests.retention.dying import dying
from tests.retention.journal import acts
from tests.retention.killed import BESIDE
from tests.retention.scenes import approved, past_channel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

#: Each is a part by itself, and each time at least one of them is gone for good.
CHANNELS = 40


def test_killed_wherever_either_of_them_is_it_ends_with_one_certificate_and_right_totals(
    at: Clock, alice: User, hari: User, helen: User
) -> None:
    for number in range(CHANNELS):
        past_channel(at, alice, name=f"Club {number}", words=("The kiln is cold",))
    disposal = approved(hari, helen)
    doomed = set(
        DisposalItem.objects.filter(chunk__disposal=disposal).values_list("message", flat=True)
    )

    died: list[str] = []
    with dying("tests.retention.killed_disposer", "beside") as disposer:
        while (where := disposer()) != "done":
            assert "failed" not in where
            died.append(where)

    keyring.forget()
    beside = [where for where in died if where.endswith(BESIDE)]
    assert sum("/beside.py" in where for where in beside) >= 4
    assert sum("/destroyed.py" in where for where in beside) >= 10
    certificate = Certificate.objects.get()
    assert certificate.document["messages"] == certificate.document["versions"] == len(doomed)
    assert not MessageVersion.objects.filter(message__in=doomed).exists()
    entered = Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE)
    assert entered.count() == disposal.chunks.count()
    assert sum(entry.facts["count"] for entry in entered) == len(doomed)
    said = acts()
    assert said.count(Act.DISPOSAL_DONE) == disposal.chunks.count()
    ended = said.count(Act.DISPOSAL_DONE) + said.count(Act.DISPOSAL_WITHDRAWN)
    assert said.count(Act.DISPOSAL_INTENDED) == ended
    assert journal_problems(whole=True) == []
    assert not list(wrong_log())
    assert not list(wrong_disposals())
