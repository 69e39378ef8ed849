"""Before anything is certified it is looked whether something was left: by an index, or by all that
a table still has, whichever is shorter."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import connection, transaction

from accounts.models import User
from retention import beside
from retention.certificates import gone
from retention.certificates.gone import check_gone
from retention.exceptions import NotGone
from retention.models import Disposal, DisposalItem
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import Clock
from tests.retention.scenes import approved, past_channel
from tests.scenes import say

pytestmark = pytest.mark.django_db(transaction=True)

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def disposal(
    movable_keyring: Path, at: Clock, as_role: AsRole, alice: User, bob: User, hari: User,
    helen: User,
) -> Disposal:  # fmt: skip
    """Carried out; with one message that is still there among those that went."""
    channel = past_channel(at, alice, bob)
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    check_gone(certificate.disposal)
    there = say(bob, channel, "This is still there")
    first = DisposalItem.objects.filter(chunk__disposal=certificate.disposal).first()
    assert first is not None
    DisposalItem.objects.filter(pk=first.pk).update(message=there.id)
    return certificate.disposal


@pytest.fixture(params=["by an index", "by all that is there"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, disposal: Disposal) -> str:
    """The way on which it is looked for."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_message, messaging_messageversion")
    large = request.param == "by all that is there"
    monkeypatch.setattr(gone, "_MANY", 10**6 if large else 0)
    assert gone._is_large_part(disposal, "messaging_message") is large
    return str(request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("beside_each_other", [True, False])
def test_what_is_left_of_a_message_is_found(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, beside_each_other: bool
) -> None:
    monkeypatch.setattr(beside, "MANY", 1 if beside_each_other else 10**6)
    with pytest.raises(NotGone):
        check_gone(disposal)
    found = {
        (table, column): gone._left_in(disposal, table, column)
        for table, column in (
            ("messaging_message", "id"),
            ("messaging_messageversion", "message_id"),
            ("messaging_correction", "message_id"),
        )
    }
    assert list(found.values()) == [1, 1, 0]
    with transaction.atomic(), connection.cursor() as cursor:
        gone._left_in(disposal, "messaging_message", "id")
        cursor.execute("SHOW enable_nestloop")
        assert cursor.fetchone()[0] == "on", "and the rest is planned as ever"
