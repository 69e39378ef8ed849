"""A statement of a search that does not end is ended, and the answer says that it is partial."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, LiteralString
from urllib.parse import urlencode

import psycopg
import pytest
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.live.line import conninfo
from messaging.models import Channel
from messaging.search.counting import count
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from tests.cast import client_of
from tests.oversight.conftest import REASON
from tests.scenes import say

pytestmark = pytest.mark.django_db(transaction=True)

#: What a search looks candidates up in, and what it opens them from.
INDEX: Final = (
    "DO $$ BEGIN EXECUTE (SELECT format('LOCK TABLE search.%I', max(tablename))"
    " FROM pg_tables WHERE schemaname = 'search'); END $$"
)
BODIES: Final = "LOCK TABLE messaging_messageversion IN ACCESS EXCLUSIVE MODE"
KEYS: Final = "LOCK TABLE messaging_indexkey IN ACCESS EXCLUSIVE MODE"
WORDS: Final = "LOCK TABLE messaging_vocabulary IN ACCESS EXCLUSIVE MODE"
SWIMMING: Final = parse("swimming")


@contextmanager
def _held(lock: LiteralString) -> Iterator[None]:
    with psycopg.connect(conninfo()) as locking:
        locking.execute(lock)
        yield


@pytest.fixture(autouse=True)
def written(year_5: Channel, bob: User) -> None:
    say(bob, year_5, "Oliver cried about the swimming")


@pytest.mark.parametrize(
    "lock", [INDEX, BODIES, KEYS, WORDS], ids=["index", "bodies", "keys", "words"]
)
def test_a_search_says_where_to_go_on(lock: LiteralString, year_5: Channel) -> None:
    scope = Scope(channels=frozenset({year_5.id}))
    query = parse("swimm*") if lock == WORDS else SWIMMING
    with _held(lock):
        page = search(scope, query, seconds=0)
    assert (page.hits, page.partial) == ([], True)
    assert len(search(scope, query, before=page.next).hits) == 1


@pytest.mark.parametrize("lock", [INDEX, KEYS], ids=["index", "keys"])
def test_a_count_is_of_what_was_counted(lock: LiteralString) -> None:
    everything = Scope(channels=None, versions=True)
    with _held(lock):
        counted = count(everything, SWIMMING, seconds=0.1)
    assert (counted.number, counted.partial) == (0, True)
    assert count(everything, SWIMMING).number == 1


def test_the_best_first_goes_on_too_where_nothing_was_found_in_time(
    desk: Client, bob: User
) -> None:
    asked = {"reason": REASON, "words": "swimming", "span": "all"}
    sent = desk.post("/safeguarding/searches/new/", asked)
    best = {"sort": "best"}
    with _held(BODIES):
        page = client_of(bob).get("/search/", {"q": "swimming"} | best)
        results = desk.get(sent["Location"], best)

    for browser, answer, following in (
        (client_of(bob), page, page.context["page"].next),
        (desk, results, results.context["results"].next),
    ):
        assert "Go on</a>" in answer.content.decode()
        query = answer.wsgi_request.GET.dict() | {"before": str(following)}
        assert f"?{urlencode(query).replace('&', '&amp;')}" in answer.content.decode()
        found = browser.get(answer.wsgi_request.path, query).content.decode()
        assert "<mark>swimming</mark>" in found
        assert "Go on</a>" not in found


def test_the_pages_say_so(desk: Client, bob: User) -> None:
    sent = desk.post(
        "/safeguarding/searches/new/", {"reason": REASON, "words": "swimming", "span": "all"}
    )
    with _held(BODIES):
        page = client_of(bob).get("/search/", {"q": "swimming"})
        results = desk.get(sent["Location"])

    for answer in (page, results):
        assert answer.status_code == 200
        assert "the search stopped to answer in time" in answer.content.decode()
        assert "Go on</a>" in answer.content.decode()
    assert not Entry.objects.filter(action=Action.RECORD_SHOWN).exists()
    assert "<mark>swimming</mark>" in desk.get(sent["Location"]).content.decode()
