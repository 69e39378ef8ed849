"""Words in a row, as the index knows them: no phrase is lost, and few texts are opened in vain."""

from itertools import pairwise
from random import Random

import pytest
from django.db import connection

from accounts.models import User
from messaging.models import Channel
from messaging.search.candidates import find_candidates, shards
from messaging.search.conditions import condition, narrowed, pairs_asked
from messaging.search.counting import count
from messaging.search.domains import opened
from messaging.search.indexed import Indexed, Pair
from messaging.search.matching import find
from messaging.search.models import IndexKey
from messaging.search.pairs import bytes_asked, keyed
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.search.tokens import Keys, derive, tokens_asked
from messaging.search.tree import Words
from messaging.services.channels import create_channel
from tests.messaging.search_scene import Scene
from tests.messaging.test_search_rebuild import AsRole
from tests.messaging.test_search_squeezed import ASKED, SAID

DESK = Scope(channels=None, versions=True)
KEYS, OTHER = derive(b"k" * 32), derive(b"o" * 32)
MORE = """
"the of the"
"plan* drill"
"drill plan"*
"O'Brien's O'Brien"
"1,250 J.K. JK"
"wellbeing wellbeing year"
"fire drill fire drill"
"""


def pairs_of(text: str) -> set[Pair]:
    found = Indexed.of(text)
    return set(found.pairs) | set(pairwise(found.row))


def made(keys: Keys, pairs: set[Pair]) -> bytes:
    tokens, found = keyed(keys, [Indexed(set(), [], frozenset(pairs))])
    assert tokens == []
    return found


def test_a_text_in_which_a_phrase_stands_has_its_pairs() -> None:
    random = Random(12)
    answers = refused = 0
    texts = [" ".join(random.choices(SAID.split(), k=random.randint(1, 7))) for _ in range(1_000)]
    for asked in (ASKED.strip() + MORE.rstrip()).splitlines():
        tree = parse(asked).tree
        ways = pairs_asked(tree) if isinstance(tree, Words) else []
        for text in texts:
            holds = not ways or any(way <= pairs_of(text) for way in ways)
            found = find(tree, text) is not None
            assert holds or not found, (asked, text)
            answers += found
            refused += not holds
    assert answers > 300
    assert refused > 5_000


def test_what_may_stand_in_other_forms_asks_for_no_pairs() -> None:
    for asked in ("trip", "plan*", '~"fire drill"', "~planing"):
        tree = parse(asked).tree
        assert not isinstance(tree, Words) or pairs_asked(tree) == []
    tree = parse('"fire drill"').tree
    assert isinstance(tree, Words)
    assert pairs_asked(tree) == [{("fire", "drill")}]


def test_bytes_depend_on_the_key_and_the_order_and_are_sorted() -> None:
    pairs = {(f"word{n}", f"word{n + 1}") for n in range(60)}
    back = {(after, before) for before, after in pairs}
    found = made(KEYS, pairs)
    assert list(found) == sorted(set(found))
    assert found == bytes_asked(KEYS, pairs)
    assert found == keyed(KEYS, [Indexed(set(), [f"word{n}" for n in range(61)])])[1]
    assert 30 < len(found) <= 60
    assert found != made(OTHER, pairs)
    assert found != made(KEYS, back)
    # Of any number of pairs there are no more than 256 bytes.
    assert len(made(KEYS, {(str(n), str(n + 1)) for n in range(9_000)})) == 256


@pytest.mark.django_db
def test_texts_in_which_the_words_stand_apart_are_hardly_opened(
    scene: Scene, channel: Channel, alice: User
) -> None:
    for number in range(200):
        scene.write(alice, channel, text=f"lunch for the hall {number}", days_ago=17)
    for number in range(5):
        scene.write(alice, channel, text=f"{number} lunch, hall", days_ago=17)
    query = parse('"lunch hall"')
    months = shards(DESK, query, None, set())
    found = find_candidates(months, DESK, query, before=None, limit=1_000, seconds=9)
    assert 5 <= len(found) < 60
    assert len(search(DESK, query, limit=100).hits) == 5
    assert 5 <= count(DESK, query).number < 60
    for asked, hits in (('"hall lunch"', 0), ('"for the hall"', 200), ('"to the"', 0)):
        assert len(search(DESK, parse(asked), limit=300).hits) == hits
    assert len(search(DESK, parse('"to the" OR "lunch hall"'), limit=300).hits) == 5


@pytest.mark.django_db
def test_a_channel_and_an_author_are_looked_up_with_the_words(
    scene: Scene, channel: Channel, alice: User, bob: User
) -> None:
    other = create_channel(by=alice, kind="private", name="Year 5", members=[bob])
    for place, author in ((channel, alice), (channel, bob), (other, alice), (other, bob)):
        scene.write(author, place, text="lunch hall", days_ago=17)
    (shard,) = shards(DESK, parse("lunch"), None, set())
    query = parse("lunch", channel=other.id, author=bob.id)
    where = narrowed(condition(query.tree, shard.keys, lambda _: []), shard.keys, other.id, bob.id)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT channel, author FROM {shard.table} WHERE {where.sql}")
        assert cursor.fetchall() == [(other.id, bob.id)]
    (hit,) = search(DESK, query).hits
    assert (hit.message.channel_id, hit.message.author_id) == (other.id, bob.id)
    assert len(search(DESK, parse("lunch", author=alice.id)).hits) == 2
    assert len(search(DESK, parse("the", channel=channel.id)).hits) == 0


@pytest.mark.django_db
def test_rows_that_were_indexed_before_there_were_pairs_are_found(
    scene: Scene, channel: Channel, alice: User, as_role: AsRole
) -> None:
    scene.write(alice, channel, text="lunch hall", days_ago=17)
    key = IndexKey.objects.get()
    keys = opened(key.id, key.generation_id, bytes(key.wrapped))
    words = tokens_asked(keys.tokens, ["lunch", "hall"])
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("UPDATE search.t_routine_channel_202611 SET pairs = NULL, tok = %s", [words])
        assert cursor.rowcount == 1
        cursor.execute("UPDATE messaging_indexkey SET analyser = 2")
    for asked in ('"lunch hall"', "lunch"):
        assert len(search(DESK, parse(asked, channel=channel.id, author=alice.id)).hits) == 1
    assert search(DESK, parse('"hall lunch"')).hits == []
