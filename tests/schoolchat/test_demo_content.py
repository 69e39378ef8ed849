"""The demo school and what its people wrote: believable, in order, the same every time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from schoolchat.demo import terms
from schoolchat.demo.channels import ALL, CHANNEL, CHANNELS, DIRECTS
from schoolchat.demo.conversations import CONCERN, SHORT, SPAN, DemoMessage, history
from schoolchat.demo.scenes import ScriptError, Turn, parse, scenes
from schoolchat.demo.school import BY_KEY, CAST, PEOPLE

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
OTHER_MOMENTS = [
    datetime(2026, 8, 12, 9, 0, tzinfo=UTC),
    datetime(2027, 1, 4, 7, 30, tzinfo=UTC),
    datetime(2027, 5, 19, 11, 15, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def messages() -> list[DemoMessage]:
    return list(history(NOW))


def test_there_are_thirty_people_with_the_cast_among_them() -> None:
    assert len(PEOPLE) == len(BY_KEY) == len({person.email for person in PEOPLE}) == 30
    assert {BY_KEY[key].first for key in CAST} == {key.title() for key in CAST}
    assert all(person.email.endswith("@hazel-lane.example") for person in PEOPLE)


def test_there_are_twelve_channels_and_carol_is_in_few() -> None:
    assert len(CHANNELS) == 12
    assert len({frozenset(direct.members) for direct in DIRECTS}) == len(DIRECTS)
    assert [c.key for c in ALL if "carol" in c.members] == ["notices", "cover", "carol-fiona"]


def test_owners_and_posters_are_members_and_members_are_people() -> None:
    for channel in ALL:
        assert set(channel.posters) <= set(channel.members) <= set(BY_KEY), channel.key
        assert channel.owner in channel.members
        assert len(set(channel.members)) == len(channel.members), channel.key


def test_theo_is_in_no_restricted_channel() -> None:
    assert not [c.key for c in ALL if c.kind == "private" and "theo" in c.members]


def test_the_history_is_some_three_thousand_messages_of_two_years(
    messages: list[DemoMessage],
) -> None:
    assert 2_600 <= len(messages) <= 3_600
    assert NOW - SPAN <= messages[0].at < NOW - SPAN + timedelta(days=14)
    assert {message.channel_key for message in messages} == set(CHANNEL)


def test_messages_are_in_order_and_have_keys_of_their_own(messages: list[DemoMessage]) -> None:
    assert all(one.at <= other.at for one, other in pairwise(messages))
    assert len({message.key for message in messages}) == len(messages)
    assert messages[-1].at <= NOW


def test_only_those_who_may_write_in_a_channel_do(messages: list[DemoMessage]) -> None:
    for message in messages:
        assert message.author_key in CHANNEL[message.channel_key].posters


def test_answers_point_to_an_earlier_message_of_their_channel(
    messages: list[DemoMessage],
) -> None:
    answers = [(i, m) for i, m in enumerate(messages) if m.reply_to_index is not None]
    assert len(answers) > 100
    for index, answer in answers:
        assert answer.reply_to_index is not None
        assert answer.reply_to_index < index
        assert messages[answer.reply_to_index].channel_key == answer.channel_key


def test_some_messages_are_edited_and_a_few_deleted(messages: list[DemoMessage]) -> None:
    edited = [message for message in messages if message.edited_text is not None]
    assert len(edited) > 20
    assert all(message.edited_text != message.text for message in edited)
    assert 2 <= sum(message.deleted for message in messages) <= 40


def test_people_write_on_school_days_in_working_hours(messages: list[DemoMessage]) -> None:
    local = [message.at.astimezone(LONDON) for message in messages]
    assert all(terms.is_school_day(at.date()) for at in local)
    assert min(at.hour * 60 + at.minute for at in local) >= 7 * 60 + 15
    assert max(at.hour for at in local) <= 18


def test_only_short_texts_are_said_twice(messages: list[DemoMessage]) -> None:
    said = Counter(message.edited_text or message.text for message in messages)
    assert not [text for text, count in said.items() if count > 1 and len(text) >= SHORT]
    assert len(said) > 0.7 * len(messages)


def test_texts_have_no_slots_or_choices_left(messages: list[DemoMessage]) -> None:
    for message in messages:
        assert not set("{}[]") & set(message.text + (message.edited_text or "")), message.text
        assert message.text == message.text.strip()
        assert ".." not in message.text


def test_it_is_the_same_for_the_same_seed_and_another_for_another(
    messages: list[DemoMessage],
) -> None:
    assert list(history(NOW)) == messages
    assert list(history(NOW, seed=8)) != messages


@pytest.mark.parametrize("now", OTHER_MOMENTS)
def test_it_can_start_at_any_time_of_year(now: datetime) -> None:
    written = list(history(now))
    assert 2_400 <= len(written) <= 3_800
    assert written[-1].at <= now
    assert len({message.key for message in written}) == len(written)
    newest = terms.shift(now.date(), -9)
    recent = Counter(m.channel_key for m in written if m.at.date() >= newest)
    assert set(recent) >= {channel.key for channel in CHANNELS}


def test_the_last_two_weeks_are_scripted_in_every_channel(messages: list[DemoMessage]) -> None:
    scripted = {t for scene in scenes() if scene.back is not None for t in _authors(scene.turns)}
    first = terms.shift(NOW.date(), -9)
    recent = [message for message in messages if message.at.astimezone(LONDON).date() >= first]
    counts = Counter(message.channel_key for message in recent)
    assert all(counts[channel.key] >= 10 for channel in CHANNELS)
    assert {message.author_key for message in recent} <= scripted


def _authors(turns: tuple[Turn, ...]) -> list[str]:
    return [turn.who for turn in turns]


def test_kais_messages_are_spread_over_channels_and_spelt_two_ways(
    messages: list[DemoMessage],
) -> None:
    named = [message for message in messages if "Kai" in message.text.split()]
    assert len({message.channel_key for message in named}) >= 4
    assert [m.key for m in messages if m.text.startswith("Morning. Kay")] == ["kay-breakfast"]
    assert set(CONCERN) <= {message.key for message in messages}


def test_there_are_hundreds_of_written_texts() -> None:
    texts = {text for scene in scenes() for turn in scene.turns for text in turn.texts}
    assert len(texts) >= 750
    scripts = [scene for scene in scenes() if scene.once]
    assert len(scripts) >= 100


def test_every_part_in_a_script_can_be_played() -> None:
    for scene in scenes():
        for key in scene.channels:
            assert key == "direct" or key in CHANNEL, scene.name
        for who in _authors(scene.turns):
            part = who.partition("=")[0]
            assert part in BY_KEY or len(part) == 1, (scene.name, who)
            if part in BY_KEY and scene.once:
                assert all(part in CHANNEL[key].posters for key in scene.channels), scene.name


def test_a_line_without_a_speaker_is_refused() -> None:
    with pytest.raises(ScriptError):
        list(parse("== scene channels=staffroom\nnobody says this"))


def test_term_dates_follow_the_calendar() -> None:
    assert terms.easter(2026) == date(2026, 4, 5)
    assert terms.is_school_day(date(2026, 11, 20))
    for holiday in ("2026-10-28", "2026-12-25", "2027-01-01", "2026-05-04", "2026-08-12"):
        assert not terms.is_school_day(date.fromisoformat(holiday)), holiday
    assert terms.shift(date(2026, 11, 22), 0) == date(2026, 11, 20)
    assert terms.shift(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert terms.shift(date(2026, 11, 23), -1) == date(2026, 11, 20)


def test_a_school_year_has_about_a_hundred_and_ninety_days() -> None:
    for year in range(2022, 2031):
        days = terms.school_days(date(year, 9, 1), date(year + 1, 8, 31))
        assert 186 <= len(days) <= 198, year
