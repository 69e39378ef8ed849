"""What a restore disposed of again is listed for who works with records, and tells of no hold."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from audit.clock import now
from messaging.services.channels import open_direct
from retention.models import Replay
from tests.cast import client_of
from tests.roles import acting_as

pytestmark = pytest.mark.django_db
PAGE = "/records/replays/"


def _replayed(**more: Any) -> Replay:
    row = {
        "uid": uuid4(),
        "kind": "replay",
        "line": 5,
        "at": now(),
        "batch": uuid4(),
        "number": 71,
        "chunk": 1,
        "record_class": "routine",
        "channel": uuid4(),
        "month": date(2024, 3, 1),
        "digest": "0" * 64,
        "due": [str(uuid4()), str(uuid4())],
        "held": [],
    }
    with acting_as("owner"):
        return Replay.objects.create(**(row | more))


def _text(viewer: User) -> str:
    answer = client_of(viewer).get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_went_again_and_what_nobody_knows_are_told_apart(helen: User) -> None:
    assert "No restore" in _text(helen)
    _replayed(replayed_at=now(), destroyed=2)
    _replayed(number=72, kind="unclear")
    said = _text(helen)
    assert said.index("Disposal 72") < said.index("Disposal 71")
    assert "Nobody knows whether it had gone" in said
    assert "Disposed of again" in said
    assert PAGE in client_of(helen).get("/records/disposals/").content.decode()


def test_nobody_sees_what_is_about_them_or_was_only_held(helen: User, bob: User) -> None:
    direct = open_direct(by=helen, people=[bob])
    _replayed(number=73, kind="unclear", channel=direct.id)
    _replayed(number=74, kind="unclear", due=[], held=[str(uuid4())])
    said = _text(helen)
    assert "Disposal 73" not in said
    assert "Disposal 74" not in said


@pytest.mark.parametrize("name", ["alice", "theo", "gwen"])
def test_others_meet_no_such_page(name: str, request: pytest.FixtureRequest) -> None:
    assert client_of(request.getfixturevalue(name)).get(PAGE).status_code == 404
