"""What is refused, and whose access ends, goes to the security log: never what was typed."""

import re
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from structlog.testing import capture_logs

from accounts.authentication import admit
from accounts.models import FailedCode, User
from accounts.roles import Role
from accounts.security import FIELDS, NotOfTheEvent, SecurityEvent, address_in, note, note_done
from accounts.services.people import deactivate_person
from accounts.services.roles import end_role, grant_role, request_role
from accounts.services.sessions import sign_out_everywhere
from accounts.services.tokens import create_token, revoke_token
from audit.counters import REGISTRY
from tests.accounts.scenes import PASSWORD, Cast, enrol, sign_in, sign_in_with_factor

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "security-log.md"
#: What people might type into any field, the wrong one too.
TYPED = ("canary-password-of-mine", "canary@elsewhere.example")
HERE = "127.0.0.1"

type Line = MutableMapping[str, Any]


def lines_of(act: Callable[[], object]) -> list[Line]:
    """What an act says to the security log; none of it was typed by anybody."""
    with capture_logs() as lines:
        act()
    said = str(lines)
    assert [word for word in (*TYPED, PASSWORD, "@school.test", "Alice") if word in said] == []
    return [line for line in lines if line.get("logger") == "schoolchat.security"]


def events_of(act: Callable[[], object]) -> list[Any]:
    """Their events and fields."""
    return [(line["event"], _fields(line)) for line in lines_of(act)]


def _fields(line: Line) -> dict[str, Any]:
    return {name: line[name] for name in FIELDS[SecurityEvent(line["event"])]}


def _who(person: User | None) -> dict[str, Any]:
    return {"person": str(person.pk) if person else None, "address": HERE}


def _guess(email: str, password: str = TYPED[0]) -> None:
    Client().post("/accounts/login/", {"login": email, "password": password})


def test_a_wrong_password_is_known_by_the_account_and_not_by_what_was_typed(cast: Cast) -> None:
    assert events_of(lambda: _guess("alice@school.test")) == [("sign_in_failed", _who(cast.alice))]
    assert events_of(lambda: _guess(TYPED[1])) == [("sign_in_failed", _who(None))]
    assert events_of(lambda: _guess(TYPED[0])) == []  # no address at all: the form says so


def test_the_right_password_of_a_closed_account_is_noticed(cast: Cast) -> None:
    deactivate_person(by=cast.theo, person_id=cast.bob.pk)
    assert events_of(lambda: _guess(cast.bob.email, PASSWORD)) == [
        ("sign_in_closed", _who(cast.bob))
    ]


def test_a_wrong_code_is_noticed_and_counted(cast: Cast) -> None:
    enrol(cast.dana)
    client = sign_in(cast.dana)
    wrong = {"code": "000000"}
    said = events_of(lambda: client.post("/accounts/2fa/authenticate/", wrong))
    assert said == [("second_factor_failed", _who(cast.dana))]
    assert FailedCode.objects.get().person == cast.dana


def test_too_many_attempts_are_noticed(cast: Cast) -> None:
    for _ in range(5):
        _guess(cast.alice.email)
    assert events_of(lambda: _guess(cast.alice.email, PASSWORD)) == [
        ("attempts_limited", _who(None))
    ]


def test_a_page_asked_for_too_often_is_noticed(cast: Cast, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    form = {"login": cast.alice.email, "password": PASSWORD}
    client.post("/accounts/login/", form)
    assert events_of(lambda: client.post("/accounts/login/", form)) == [
        ("attempts_limited", _who(cast.alice))
    ]


@pytest.mark.parametrize("door", ["safeguarding", "records", "audit", "audit/alerts", "manage"])
def test_a_door_that_does_not_open_for_carol_is_noticed(cast: Cast, door: str) -> None:
    client = sign_in_with_factor(cast.carol)
    said = events_of(lambda: client.get(f"/{door}/{TYPED[0]}/"))
    assert said == [("door_refused", {**_who(cast.carol), "door": door})]


def test_a_door_that_opens_and_a_stranger_who_is_led_to_sign_in_say_nothing(cast: Cast) -> None:
    client = sign_in_with_factor(cast.theo)
    assert events_of(lambda: client.get("/manage/")) == []
    assert events_of(lambda: Client().get("/manage/")) == []


def test_a_token_that_is_none_is_noticed_on_pages_and_websockets(cast: Cast) -> None:
    header = f"Bearer {TYPED[0]}"
    page = events_of(lambda: Client(headers={"Authorization": header}).get("/"))
    scope = {"headers": [(b"authorization", header.encode())], "client": ["192.0.2.7", 4711]}
    socket = events_of(lambda: admit(scope))
    assert page == [("token_refused", _who(None))]
    assert socket == [("token_refused", {"person": None, "address": "192.0.2.7"})]


def test_a_token_at_a_door_is_noticed(cast: Cast) -> None:
    made = create_token(by=cast.dana, person=cast.dana, name="script")
    client = Client(headers={"Authorization": f"Bearer {made.secret}"})
    lines = lines_of(lambda: client.get("/safeguarding/"))
    assert [_fields(line) for line in lines] == [_who(cast.dana)]
    assert lines[0]["event"] == "token_misplaced"
    assert made.secret not in str(lines)


def test_a_form_that_no_page_of_ours_sent_is_noticed(cast: Cast) -> None:
    client = sign_in(cast.alice, Client())
    client.handler.enforce_csrf_checks = True
    form = {"name": TYPED[0]}
    assert events_of(lambda: client.post("/accounts/tokens/new/", form)) == [
        ("forgery_refused", _who(cast.alice))
    ]


def test_access_that_ends_is_noticed_once_it_is_committed(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    token = create_token(by=cast.bob, person=cast.bob, name="script").token
    asked = request_role(by=cast.theo, person_id=cast.alice.pk, role=Role.DEPUTY_DSL)
    held = grant_role(by=cast.helen, grant_id=asked.pk)
    sign_in(cast.bob)

    def end() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            sign_out_everywhere(person=cast.bob)
            revoke_token(by=cast.bob, token_id=token.pk)
            end_role(by=cast.helen, grant_id=held.pk)
            deactivate_person(by=cast.theo, person_id=cast.bob.pk, reason=TYPED[0])

    bob, theo, helen = str(cast.bob.pk), str(cast.theo.pk), str(cast.helen.pk)
    assert events_of(end) == [
        ("sessions_ended", {"person": bob, "sessions": 1}),
        ("token_revoked", {"person": bob}),
        ("role_ended", {"person": str(cast.alice.pk), "by": helen, "role": "deputy_dsl"}),
        ("account_closed", {"person": bob, "by": theo, "sessions": 0, "tokens": 0}),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_says_nothing() -> None:
    def undo() -> None:
        with transaction.atomic():
            note_done(SecurityEvent.TOKEN_REVOKED, person=uuid4())
            transaction.set_rollback(True)

    assert events_of(undo) == []


def test_only_the_fields_of_the_vocabulary_are_let_in() -> None:
    with pytest.raises(NotOfTheEvent):
        note(SecurityEvent.TOKEN_REVOKED, person=uuid4(), email=TYPED[1])
    with pytest.raises(NotOfTheEvent):
        note(SecurityEvent.DOOR_REFUSED, person=uuid4(), address=HERE)


@pytest.mark.parametrize("client", [TYPED[1], "", "127.0.0.1\n{}", None, "10.0.0.1, 10.0.0.2"])
def test_an_address_is_an_address_or_nothing(client: str | None) -> None:
    assert address_in(client) is None
    assert address_in("2001:DB8::1") == "2001:db8::1"


def test_every_event_is_counted() -> None:
    def count() -> float | None:
        labels = {"event": "token_refused"}
        return REGISTRY.get_sample_value("schoolchat_security_events_total", labels)

    before = count()
    note(SecurityEvent.TOKEN_REFUSED, person=None, address=None)
    assert (before, count()) == (before, (before or 0) + 1)


def test_the_page_lists_every_event_with_its_fields() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.read_text().splitlines() if line[:2] == "| "]
    words = {name: re.findall(r"`(\w+)`", fields) for name, fields, *_ in rows}
    shown = {name.strip(" `"): found for name, found in words.items() if "`" in name}
    assert {name: set(found) for name, found in shown.items() if name in set(SecurityEvent)} == {
        str(event): set(fields) for event, fields in FIELDS.items()
    }
