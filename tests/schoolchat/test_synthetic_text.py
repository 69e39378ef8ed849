"""Synthetic text and its spread: enough words, the right shape, the same every time."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

from schoolchat.synthetic.plan import Shape, Slot, memberships, plan
from schoolchat.synthetic.text import texts
from schoolchat.synthetic.words import COMMON, PHRASES, SCHOOL, names, word_list

SHAPE = Shape(
    messages=20_000,
    people=120,
    channels=40,
    members=25,
    months=14,
    ends=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
)


def _slots(seed: int = 3) -> list[Slot]:
    return [slot for month in plan(SHAPE, seed) for slot in month.slots]


def test_the_vocabulary_has_more_than_twenty_thousand_distinct_words() -> None:
    assert len(set(word_list())) == len(word_list()) >= 20_000
    assert len(set(SCHOOL) - set(COMMON)) >= 800
    assert len(set(names())) == 2_000
    assert all(len(name.split()) == 2 for name in names())


def test_messages_have_about_twelve_words_and_are_never_empty() -> None:
    said = list(texts(1, 5_000))
    lengths = [len(text.split()) for text in said]
    assert 11 <= sum(lengths) / len(lengths) <= 13
    assert min(lengths) >= 1
    assert max(lengths) > 30


def test_common_words_are_common_and_rare_ones_rare() -> None:
    counts = Counter(word for text in texts(1, 20_000) for word in text.lower().split())
    assert counts["the"] > 2_000
    assert sum(count == 1 for count in counts.values()) > 3_000
    assert len(counts) > 10_000


def test_names_and_phrases_occur() -> None:
    said = " ".join(texts(2, 5_000))
    assert sum(name in said for name in names()[:100]) > 50
    assert all(phrase in said for phrase in PHRASES[:10])


def test_text_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert list(texts(5, 500)) == list(texts(5, 500)) != list(texts(6, 500))


def test_the_plan_writes_exactly_what_was_asked_for_in_order() -> None:
    slots = _slots()
    assert len(slots) == SHAPE.messages
    assert all(one.at <= other.at for one, other in pairwise(slots))
    assert slots[-1].at <= SHAPE.ends.timestamp() * 1000
    assert datetime.fromtimestamp(slots[0].at / 1000, UTC).date().isoformat() >= "2025-09-22"


def test_each_slot_falls_in_its_month() -> None:
    for month in plan(SHAPE, 3):
        first, last = month.slots[0].at, month.slots[-1].at
        for at in (first, last):
            written = datetime.fromtimestamp(at / 1000, UTC)
            assert (written.year, written.month) == (month.month.year, month.month.month)


def test_only_members_write_and_some_channels_and_people_write_more() -> None:
    members = memberships(SHAPE, 3)
    slots = _slots()
    assert all(slot.author in members[slot.channel] for slot in slots)
    by_channel = Counter(slot.channel for slot in slots)
    assert by_channel[0] > 10 * by_channel[SHAPE.channels - 1] > 0
    by_author = Counter(slot.author for slot in slots).most_common()
    assert by_author[0][1] > 5 * by_author[-1][1]


def test_everybody_has_a_channel_and_channels_have_the_members_asked_for() -> None:
    members = memberships(SHAPE, 3)
    assert len(members) == SHAPE.channels
    assert all(len(set(group)) == len(group) == SHAPE.members for group in members)
    assert set().union(*members) == set(range(SHAPE.people))


def test_summer_is_quiet() -> None:
    counts = {month.month.month: len(month.slots) for month in plan(SHAPE, 3)}
    assert counts[8] * 8 < counts[6]


def test_a_plan_is_the_same_for_the_same_seed() -> None:
    assert _slots(4) == _slots(4) != _slots(5)
