"""Months that are left out, months that cannot be read, and counting."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from accounts.models import User
from messaging.models import Channel, Correction, IndexKey, MessageVersion, Vocabulary
from messaging.search import conditions
from messaging.search.counting import UNTOLD, count
from messaging.search.domains import forget_keys
from messaging.search.query import Has, parse
from messaging.search.rebuild import rebuild
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.search.wholeness import lacking
from messaging.search.words import forget_words
from messaging.services.channels import create_channel
from messaging.services.corrections import correct_own
from tests.cast import client_of
from tests.messaging.search_scene import Scene, every_hit
from tests.statements import every_statement

type AsRole = Callable[[str], AbstractContextManager[None]]

pytestmark = pytest.mark.django_db

DESK = Scope(channels=None, versions=True)
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return create_channel(by=alice, kind="private", name="Year 6", members=[bob])


@pytest.fixture
def written(channel: Channel, alice: User) -> Scene:
    """A year of messages; the hamster is in two of its months."""
    scene = Scene()
    for number in range(60):
        scene.write(alice, channel, days_ago=number * 6 + 1)
    scene.write(alice, channel, days_ago=40, text="The hamster has escaped")
    scene.write(alice, channel, days_ago=200, text="A hamster, escaping again")
    return scene


def months_asked(scope: Scope, words: str) -> int:
    """In how many months' tokens a search looks."""
    with every_statement() as said:
        search(scope, parse(words))
    return sum(statement.count('"search"."t_') for statement in said)


def test_the_desk_is_told_at_once_that_a_word_stands_nowhere(
    written: Scene, subtests: pytest.Subtests
) -> None:
    for words in ("zzyzzyx", "zzyzzy*", '"zzyzzyx trip"', "hamster zzyzzyx"):
        with subtests.test(words):
            assert months_asked(DESK, words) == 0
    assert months_asked(DESK, "hamster OR zzyzzyx") == 2
    assert every_hit(DESK, parse("hamster")) == written.scan(DESK, parse("hamster"))


def test_nobody_else_is_asked_less_for_it(
    written: Scene, channel: Channel, subtests: pytest.Subtests
) -> None:
    months = IndexKey.objects.count()
    member = Scope(channels=frozenset({channel.id}))
    but_one = Scope(channels=None, excluded=frozenset({channel.id}), versions=True)
    for scope, words in product((member, but_one), ("zzyzzyx", "zzyzzy*", "hamster zzyzzyx")):
        with subtests.test(words):
            assert months_asked(scope, words) == months_asked(scope, "hamster") == months


def test_a_month_whose_key_is_missing_is_named_and_the_others_are_searched(
    written: Scene, as_role: AsRole
) -> None:
    with as_role("owner"):
        IndexKey.objects.filter(month=OCTOBER).update(wrapped=b"\0" * 40)
    forget_keys()
    page = search(DESK, parse("hamster"))
    assert page.unread == (OCTOBER,)
    assert [hit.message.sent_at.month for hit in page.hits] == [5]


def test_a_month_whose_key_is_gone_is_named_to_those_who_have_messages_in_it(
    written: Scene, channel: Channel, carol: User, as_role: AsRole
) -> None:
    own = create_channel(by=carol, kind="private", name="Own", members=[])
    written.write(carol, own, days_ago=1, text="A hamster of my own")
    with as_role("owner"):
        Vocabulary.objects.filter(key__month=OCTOBER).delete()
        IndexKey.objects.filter(month=OCTOBER).delete()
    member = Scope(channels=frozenset({channel.id}))
    for scope in (DESK, replace(DESK, excluded=frozenset({own.id})), member):
        page = search(scope, parse("hamster"))
        assert page.unread == (OCTOBER,)
        assert [hit.message.sent_at.month for hit in page.hits][-1] == 5
        assert not count(scope, parse("hamster")).exact
    outsider = search(Scope(channels=frozenset({own.id})), parse("hamster"))
    assert outsider.unread == ()
    assert len(outsider.hits) == 1
    but_this = replace(DESK, excluded=frozenset({channel.id}))
    assert search(but_this, parse("hamster")).unread == ()

    with as_role("worker"):
        rebuild(lacking())
    assert every_hit(DESK, parse("hamster")) == written.scan(DESK, parse("hamster"))


def test_a_month_in_which_a_body_was_altered_is_named(written: Scene, as_role: AsRole) -> None:
    hit = search(DESK, parse("hamster")).hits[0]
    with as_role("owner"):
        MessageVersion.objects.filter(message=hit.message).update(sealed=b"\0" * 60)
    page = search(DESK, parse("hamster"))
    assert len(page.hits) == 1
    assert page.unread == (OCTOBER,)


def test_a_month_in_which_a_correction_was_altered_is_named(
    written: Scene, channel: Channel, alice: User, bob: User, as_role: AsRole
) -> None:
    hit = search(DESK, parse("hamster")).hits[0]
    for words in ("It was the gerbil", "It was the weasel"):
        correct_own(author=alice, message_id=hit.message.id, body=words)
    with as_role("owner"):
        Correction.objects.filter(number=1).update(sealed=b"\0" * 60)
    for scope in (DESK, Scope(channels=frozenset({channel.id}))):
        page = search(scope, parse("hamster"))
        assert [hit.notes for hit in page.hits] == [("It was the weasel",), ()]
        assert page.unread == (OCTOBER,)
        assert [len(search(scope, parse(words)).hits) for words in ("gerbil", "weasel")] == [0, 1]
    nowhere = search(Scope(channels=frozenset()), parse("hamster"))
    assert (nowhere.hits, nowhere.unread) == ([], ())
    shown = client_of(bob).get("/search/", {"q": "hamster"}).content.decode()
    assert "It was the weasel" in shown
    assert "Not everything could be searched" in shown
    assert "October 2026" in shown


@pytest.mark.parametrize("how", ["altered", "lost"])
def test_where_a_vocabulary_was_altered_or_lost_the_texts_are_read(
    written: Scene, channel: Channel, as_role: AsRole, how: str
) -> None:
    with as_role("owner"):
        rows = Vocabulary.objects.filter(key__month=OCTOBER)
        if how == "altered":
            rows.update(sealed=b"\0" * 60)
        else:
            rows.delete()
    forget_words()
    for scope in (DESK, Scope(channels=frozenset({channel.id}))):
        for words in ("hamster", "hamst*", "*mste*", "~hamstre"):
            found = every_hit(scope, parse(words))
            assert found == written.scan(scope, parse(words))
            assert len(found) == 2


def test_words_are_counted_by_the_index_alone(written: Scene, subtests: pytest.Subtests) -> None:
    for words in ("trip", "maths trip", "lunch OR hall", "zzyzzyx", "obrien"):
        with subtests.test(words), every_statement() as said:
            counted = count(DESK, parse(words))
            assert counted.exact
            assert not counted.partial
            assert not [statement for statement in said if "messageversion" in statement]
            assert counted.number == len(written.scan(DESK, parse(words)))


def test_no_number_is_given_of_words_that_only_reading_finds(
    written: Scene, subtests: pytest.Subtests
) -> None:
    assert count(DESK, parse("zoo")).number
    for words in ('"to the"', "the", "zoo OR the"):
        with subtests.test(words):
            assert count(DESK, parse(words)) == UNTOLD


def test_no_number_is_given_of_what_the_index_does_not_know(written: Scene) -> None:
    for has in (Has.LINK, Has.IMAGE):
        assert count(DESK, parse("", has=has)) == count(DESK, parse("trip", has=has)) == UNTOLD
    assert count(DESK, parse("trip", has=Has.FILE)).number == 0


def test_no_number_is_given_past_the_stems_that_are_looked_up(
    written: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(DESK, parse("pl*")).number
    monkeypatch.setattr(conditions, "MAX_EXPANDED", 1)
    assert count(DESK, parse("pl*")) == UNTOLD


def test_what_only_the_words_can_tell_is_counted_at_most(
    written: Scene, subtests: pytest.Subtests
) -> None:
    for words in ('"zoo trip"', "trip -maths", "plan*"):
        with subtests.test(words):
            counted = count(DESK, parse(words))
            assert not counted.exact
            assert counted.number >= len(written.scan(DESK, parse(words)))
