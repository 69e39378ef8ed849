"""Every page in a language that nobody speaks: no sentence is left in English."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from tests.cast import client_of
from tests.house.addresses import addresses
from tests.house.asked import LOSS_REASON, MOVE_REASON, RULE_REASON
from tests.house.pseudo import HEADERS, LANGUAGES, Sentences, plain_words, write_catalogues
from tests.house.world import CONTENT, REASONS, World, make_world

_OURS = ("accounts", "audit", "messaging", "oversight", "retention")
_WHO = ("alice", "bob", "dana", "helen", "priya", "theo", "hari", "gwen")
#: Written by people or machines and no sentence of the product's.
_WRITTEN = (
    "Deputy head, DSL",
    "Only you",
    *CONTENT,
    f"A parent rang about it, said {REASONS[1]}",
    f"The play is still on, said {REASONS[1]}",
    f"The solicitor wrote to us about {REASONS[4]}",
    f"Covers from Monday, says {REASONS[5]}",
    f"Please look: {REASONS[0]}",
    "Asked for in writing by the person themselves",
    RULE_REASON,
    MOVE_REASON,
    LOSS_REASON,
    *REASONS,
    *(reason.strip("*") for reason in REASONS),
    *dict(LANGUAGES).values(),  # a language is called as those call it who speak it
)


@pytest.fixture
def world(db: None, movable_keyring: object, settings: object, tmp_path: Path) -> World:
    """Made in English, as the record is; what comes after is asked for in the other language."""
    made = make_world()
    write_catalogues(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    settings.LANGUAGES = LANGUAGES  # type: ignore[attr-defined]
    return made


def _written() -> list[str]:
    """All that stands in the tables as text, but for what is one of a few words of ours."""
    found: set[str] = set(_WRITTEN)
    for model in (each for app in _OURS for each in apps.get_app_config(app).get_models()):
        for field in model._meta.get_fields():
            free = isinstance(field, models.CharField | models.TextField) and not field.choices
            if free:
                values = model._default_manager.values_list(field.name, flat=True).distinct()
                found |= {str(value) for value in values[:500] if value}
    return sorted(found, key=len, reverse=True)


def _pages(world: World) -> Iterator[tuple[str, str]]:
    """Each address as the first sees it who sees anything there, asked for and sent in empty."""
    clients = [Client(), *(client_of(world.people[name]) for name in _WHO)]
    for address in addresses(world):
        for method in ("get", "post"):
            asked = (_asked(client, method, address.path) for client in clients)
            for page in islice(filter(None, asked), 1):
                yield f"{method.upper()} {address.path}", page


def _refusals(world: World) -> Iterator[tuple[str, str]]:
    """What is said to somebody who may not see a page, or asks for what is none."""
    unread = ((client_of(world.carol), f"/search/?q={words}") for words in ("()", "*"))
    for client, path in ((Client(), "/nowhere/"), (client_of(world.carol), "/audit/"), *unread):
        yield f"GET {path}", _html(client.get(path, headers=HEADERS))


def _asked(client: Client, method: str, path: str) -> str:
    """The page, or nothing where it is none or leads away; what was done is undone."""
    signed_in = deepcopy(client.cookies)
    with transaction.atomic():
        answer: HttpResponseBase = getattr(client, method)(path, headers=HEADERS)
        transaction.set_rollback(True)
    client.cookies = signed_in
    return _html(answer) if answer.status_code not in {403, 404} else ""


def _html(answer: HttpResponseBase) -> str:
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_page and isinstance(answer, HttpResponse) else ""


def test_no_page_shows_a_sentence_in_english(world: World) -> None:
    written = _written()
    met: dict[str, str] = {}
    for name, html in (*_pages(world), *_refusals(world)):
        page = Sentences()
        page.feed(html)
        for text in page.found:
            met.setdefault(text, name)
    assert len(set(met.values())) > 60
    left = [f"{name}: {text}" for text, name in met.items() if plain_words(text, written)]
    assert not left, "\n".join(left)
