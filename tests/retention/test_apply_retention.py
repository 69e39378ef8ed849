"""`apply_retention`: lists, proposes, carries out; killed in the middle, it goes on."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from structlog.testing import capture_logs

from accounts.models import User
from audit import keyring
from retention.models import Certificate, Disposal, DisposalChunk, DisposalItem
from retention.proposing import due
from retention.services.disposals import approve_disposal, put_disposal_forward
from retention.workers import destroying
from retention.workers.destroying import carry_out_approved
from tests.retention.conftest import Clock
from tests.retention.scenes import (
    WORDS,
    approved,
    held,
    past_channel,
    without_waiting,
    words_in,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]


class Killed(BaseException):
    """What a SIGKILL looks like from inside."""


def _apply(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("apply_retention", *arguments, "--json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def test_a_dry_run_changes_nothing_and_says_what_is_excluded(
    at: Clock, as_role: AsRole, alice: User, dana: User
) -> None:
    past_channel(at, alice, name="Going")
    held(dana, channel=past_channel(at, alice, name="Kept"))
    with as_role("disposer"):
        report = _apply("--dry-run")
    (routine,) = report["due"]
    assert routine["due"] == len(WORDS)
    assert routine["excluded"] == {"held": len(WORDS)}
    assert not Disposal.objects.exists()


def test_what_the_database_refuses_is_said_in_plain_words_and_why_in_the_log(
    at: Clock, as_role: AsRole, alice: User, hari: User, helen: User
) -> None:
    past_channel(at, alice)
    approved(hari, helen)
    with as_role("owner"):
        DisposalItem.objects.create(chunk=DisposalChunk.objects.get(), message=uuid4(), held=False)
    with as_role("disposer"), capture_logs() as lines, pytest.raises(CommandError) as refused:
        _apply()
    assert "server's log says why" in str(refused.value)
    assert "approved" not in str(refused.value)
    (line,) = [one for one in lines if one["event"] == "disposal_refused"]
    assert "not what was approved" in line["said"]


def test_it_proposes_first_and_disposes_once_somebody_has_approved(
    at: Clock, as_role: AsRole, alice: User, hari: User, helen: User
) -> None:
    without_waiting()
    channel = past_channel(at, alice)
    with as_role("disposer"):
        assert _apply()["certificates"] == []
        assert _apply()["certificates"] == []
    assert words_in(channel) == len(WORDS)
    number = Disposal.objects.get().number
    put_disposal_forward(by=hari, number=number)
    approve_disposal(by=helen, number=number)
    with as_role("disposer"):
        (certificate,) = _apply()["certificates"]
    assert certificate["messages"] == len(WORDS)
    assert words_in(channel) == 0


@pytest.mark.parametrize(
    "where", ["seal_survivors_anew", "destroy_chunk", "rebuild", "move_keyring", "certify"]
)
def test_killed_in_the_middle_it_goes_on(
    where: str,
    at: Clock,
    as_role: AsRole,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    bob: User,
    dana: User,
    hari: User,
    helen: User,
) -> None:
    monkeypatch.setattr(due, "CHUNK", 2)
    channel = past_channel(at, alice, bob)
    held(dana, person=bob)
    approved(hari, helen)
    assert DisposalChunk.objects.count() == 2
    with as_role("disposer"):
        with monkeypatch.context() as patch:
            patch.setattr(destroying, where, _killed_at_second(getattr(destroying, where), where))
            with pytest.raises(Killed):
                carry_out_approved()
        keyring.forget()
        (certificate,) = carry_out_approved()
        assert carry_out_approved() == []
    assert certificate.document["messages"] == len(WORDS)
    assert words_in(channel) == 0
    assert len(keyring.ring().generations) == 1
    assert Certificate.objects.count() == 1


def _killed_at_second(real: Callable[..., object], where: str) -> Callable[..., object]:
    """Killed at its second call where it has one (a chunk), else at its first."""
    calls = 0

    def dying(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == (2 if where == "destroy_chunk" else 1):
            raise Killed
        return real(*args, **kwargs)

    return dying
