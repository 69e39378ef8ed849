"""Every address of the product, asked for by those who must get nothing from it."""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client

from accounts.doors import DOORS
from accounts.models import User
from audit.models import Entry
from tests.cast import client_of
from tests.house.addresses import Address, addresses
from tests.house.world import CONTENT, PLACES, REASONS, World, make_world

#: Whoever has the address may come in: signing in, an invitation's secret, the sentences of the
#: pages' code, the look, health.
OPEN_TO_STRANGERS = {
    "account_login",
    "account_inactive",
    "accounts_invitation",
    "words",
    "look-colours",
    "look-logo",
    "accessibility",
    "alive",
    "ready",
}
#: What is published of the log, for tools outside: behind no door, and the same for everybody.
PUBLISHED = {"published-head", "published-tile", "former-head", "former-tile"}
#: Where a secret in the address is the key, and not who asks.
OPEN_BY_SECRET = {"accounts_invitation"}
#: Behind the prefix of a door, and not behind the door: everybody may verify the log.
OPEN_TO_ALL = {"log-how-to-check", "log-script"}
#: Behind a door that others pass, too, and the data protection officer's alone.
OFFICER_S = {"retention_corrections", "retention_correction_new"}
#: Where they all sit: not at the machine itself, which may ask for more.
ELSEWHERE = "192.0.2.7"
#: Finds the first canary, and does not hold it.
LOOKED_FOR = "zebrafin*"
PREFIXES = tuple(door.prefix for door in DOORS)
#: What a form could be filled with by somebody who knows how it looks.
FORM = {
    "reason": "Because I would like to know what is in there",
    "note": "Because I would like to know",
    "words": LOOKED_FOR,
    "span": "all",
    "name": "Intruders",
    "kind": "private",
    "approve": "1",
    "months": "1",
    "action": "dispose",
    "authority": "nobody",
}
REFUSED = {302, 401, 403, 404, 405}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an address said to somebody, and how many entries the asking wrote."""

    method: str
    address: Address
    status: int
    to: str
    text: str
    entries: int

    def __str__(self) -> str:
        return f"{self.method} {self.address.path}: {self.status} {self.to}"


@pytest.fixture
def world(db: None, movable_keyring: object) -> World:
    return make_world()


def _ask(browser: Callable[[], Client], world: World, *under: str) -> Iterator[Answer]:
    """GET and POST of every address, each in the same world: what was done is undone, and who was
    signed out by it is signed in again."""
    channel = str(world.channel.id)
    sent = {
        "get": {"q": LOOKED_FOR, "channel": channel},
        "post": {**FORM, "channel": channel, "person": str(world.carol.id)},
    }
    client, before = browser(), Entry.objects.count()
    signed_in = deepcopy(client.cookies)
    for address in addresses(world):
        if not address.path.startswith(under or ("/",)):
            continue
        for method, fields in sent.items():
            with transaction.atomic():
                answer = getattr(client, method)(address.path, fields, REMOTE_ADDR=ELSEWHERE)
                yield _answer(method.upper(), address, answer, Entry.objects.count() - before)
                transaction.set_rollback(True)
            client.cookies = deepcopy(signed_in)


def _answer(method: str, address: Address, answer: HttpResponseBase, entries: int) -> Answer:
    assert isinstance(answer, HttpResponse | StreamingHttpResponse)
    text = answer.content if isinstance(answer, HttpResponse) else answer.getvalue()
    return Answer(
        method=method,
        address=address,
        status=answer.status_code,
        to=answer.headers.get("Location", ""),
        text=text.decode(errors="replace"),
        entries=entries,
    )


def _browser_of(person: User, *, second_factor: bool = True) -> Callable[[], Client]:
    return lambda: client_of(person, second_factor=second_factor)


def _behind(doors: tuple[str, ...], answers: Iterable[Answer]) -> list[Answer]:
    """The answers of the addresses behind these doors."""
    inside = (one for one in answers if one.address.path.startswith(doors))
    return [one for one in inside if one.address.name not in PUBLISHED | OPEN_TO_ALL]


def _showing(answers: list[Answer], words: tuple[str, ...]) -> list[str]:
    """The answers in which one of these words stands."""
    return [f"{answer} shows {word}" for answer in answers for word in words if word in answer.text]


def test_a_stranger_is_led_to_the_sign_in_page_or_refused(world: World) -> None:
    answers = list(_ask(Client, world))
    closed = [one for one in answers if one.address.name not in OPEN_TO_STRANGERS | PUBLISHED]
    assert [str(one) for one in closed if one.status not in REFUSED] == []
    elsewhere = [str(one) for one in closed if one.to and not one.to.startswith("/accounts/")]
    assert elsewhere == []
    assert [str(one) for one in answers if one.entries] == []
    assert _showing(answers, CONTENT + REASONS + PLACES) == []


def test_carol_gets_nothing_that_is_not_hers(world: World) -> None:
    answers = list(_ask(_browser_of(world.carol), world))
    theirs = [one for one in answers if one.address.names_something]
    theirs = [one for one in theirs if one.address.name not in OPEN_BY_SECRET | PUBLISHED]
    assert [str(one) for one in theirs if one.status not in REFUSED] == []
    assert [str(one) for one in theirs if one.entries] == []
    assert _showing(answers, CONTENT + REASONS + PLACES) == []
    assert {one.status for one in _behind(PREFIXES, answers)} == {404}


def test_theo_runs_the_machines_and_reads_no_content(world: World) -> None:
    answers = list(_ask(_browser_of(world.theo), world))
    assert _showing(answers, CONTENT + PLACES) == []
    assert _showing(answers, REASONS) == []
    closed = ("/safeguarding/", "/records/", "/audit/")
    assert {one.status for one in _behind(closed, answers)} == {404}
    assert any(one.status == 200 for one in answers if one.address.path.startswith("/manage/"))


def test_behind_the_doors_nobody_gets_anything_without_a_second_factor(
    world: World, subtests: pytest.Subtests
) -> None:
    for name in ("dana", "hari", "priya", "helen", "gwen", "theo"):
        browser = _browser_of(world.people[name], second_factor=False)
        with subtests.test(name):
            answers = _behind(PREFIXES, _ask(browser, world, *PREFIXES))
            assert {one.status for one in answers} == {302, 404}
            assert [one for one in answers if one.entries] == []


def test_whoever_may_pass_a_door_finds_something_behind_it(
    world: World, subtests: pytest.Subtests
) -> None:
    """So that the refusals above are not those of a walk that finds no page at all."""
    doors = {
        "dana": "/safeguarding/",
        "priya": "/audit/",
        "helen": "/records/",
        "theo": "/manage/",
    }
    for name, door in doors.items():
        with subtests.test(name):
            answers = _ask(_browser_of(world.people[name]), world, door)
            met = [one for one in answers if one.method == "GET" and one.status not in {200, 405}]
            assert [str(one) for one in met if one.address.name not in OFFICER_S] == []


def test_what_is_published_is_the_same_for_everybody_and_names_nobody(world: World) -> None:
    everybody = [Client, _browser_of(world.carol), _browser_of(world.theo), _browser_of(world.gwen)]
    seen = [
        [
            str(one) + one.text
            for one in _ask(browser, world, "/audit/")
            if one.address.name in PUBLISHED
        ]
        for browser in everybody
    ]
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert [one.count(": 200 ") for one in seen[0]] == [1, 0] * len(PUBLISHED)


def test_a_member_finds_what_the_others_did_not(world: World) -> None:
    answers = list(_ask(_browser_of(world.bob), world, "/search/", "/channels/", "/messages/"))
    assert any(CONTENT[0] in one.text for one in answers if one.address.name == "search")
    assert any(PLACES[0] in one.text for one in answers if one.address.name == "channel-members")
