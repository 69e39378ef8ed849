"""What is pointed out, and what is refused where the school says so: decided on the server by the
same table as in the page, counted, and never with a name."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from pytest_django import Settings

from accounts.models import User
from accounts.services.preferences import choose_language
from audit.models import Entry
from messaging.exceptions import BlockedByPolicy
from messaging.models import Channel, Message, NudgeCount
from messaging.nudges.counting import enter_days
from messaging.nudges.rules import found_in, rules
from messaging.school.values import RULES
from messaging.services.corrections import correct_own
from messaging.services.messages import edit_message, post_message
from tests.house.pseudo import CODE, LANGUAGES, pseudo, write_catalogues
from tests.roles import acting_as
from tests.scenes import channel_of, say, settle
from tests.server import Server
from tests.sockets import Client, connected

_TABLE = json.loads((settings.BASE_DIR / "tests" / "data" / "nudges.json").read_text())
TODAY = date.fromisoformat(_TABLE["today"])
UPN = "H801200001001"
PHONE = "Ring 07700 900123"


@pytest.fixture
def channel(db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.mark.shows("nudge-server")
@pytest.mark.parametrize("example", _TABLE["examples"], ids=lambda one: one["text"][:40])
def test_the_server_finds(example: dict[str, Any]) -> None:
    assert list(found_in(example["text"], TODAY)) == example["found"]


def test_the_table_has_the_rules_that_the_school_can_set() -> None:
    assert tuple(rule.name for rule in rules()) == RULES


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["12/31/14 Tom Hughes", "Tom Hughes 31/02/2014", "9" * 8_000])
def test_what_is_no_date_and_no_number_is_nothing(text: str) -> None:
    assert found_in(text, TODAY) == ()


@pytest.mark.django_db
@pytest.mark.shows("nudge")
def test_nothing_is_refused_unless_the_school_wants_it(channel: Channel, alice: User) -> None:
    assert say(alice, channel, f"{UPN} {PHONE} self-harm").seq
    assert _counts() == {("upn", False): 1, ("phone", False): 1, ("safeguarding", False): 1}


@pytest.mark.django_db
@pytest.mark.shows("nudge-block", "nudge-safeguarding")
def test_what_the_school_blocks_is_refused_with_a_sentence_that_says_what_to_do(
    channel: Channel, alice: User
) -> None:
    message = say(alice, channel, "Nothing yet")
    settle(nudge_upn="block", nudge_phone="off", nudge_safeguarding="block")

    def edit(words: str) -> None:
        edit_message(author=alice, message_id=message.id, body=words)

    def correct(words: str) -> None:
        correct_own(author=alice, message_id=message.id, body=words)

    def post(words: str) -> None:
        say(alice, channel, words)

    for refuse in (post, edit, correct):
        with pytest.raises(BlockedByPolicy, match="This holds a pupil's UPN"):
            refuse(f"It is {UPN}. {PHONE}")
        with pytest.raises(BlockedByPolicy, match="Pass this to the safeguarding lead"):
            refuse("She spoke of self-harm")
    settle(safeguarding_route="Ring Dana on extension 12.")
    with pytest.raises(BlockedByPolicy, match=r"Ring Dana on extension 12\.") as refused:
        say(alice, channel, "She spoke of self-harm")
    assert isinstance(refused.value.args[0], Promise)  # said in the reader's language
    assert Message.objects.filter(channel=channel, kind="text").count() == 1
    assert _counts() == {("upn", True): 3, ("safeguarding", True): 4}
    assert say(alice, channel, PHONE)


@pytest.mark.django_db
def test_what_is_passed_on_is_judged_by_its_words(channel: Channel, alice: User, bob: User) -> None:
    said = say(alice, channel, f"It is {UPN}")
    settle(nudge_upn="block")
    other = channel_of(alice, bob, name="Other")
    with pytest.raises(BlockedByPolicy, match="This holds a pupil's UPN"):
        say(alice, other, "", forward=said.id)


@pytest.mark.django_db
def test_what_was_posted_before_is_not_judged_again(channel: Channel, alice: User) -> None:
    def post(ref: UUID) -> Message:
        return post_message(author=alice, channel_id=channel.id, ref=ref, body=PHONE)

    ref = uuid4()
    first = post(ref)
    settle(nudge_phone="block")
    assert post(ref) == first
    assert _counts() == {("phone", False): 1}


@pytest.mark.django_db
@pytest.mark.shows("nudge-counts")
def test_the_night_enters_the_numbers_of_a_day_and_nothing_else(
    channel: Channel, alice: User
) -> None:
    say(alice, channel, PHONE)
    say(alice, channel, f"{PHONE} again")
    settle(nudge_upn="block")
    with pytest.raises(BlockedByPolicy):
        say(alice, channel, UPN)
    assert enter_days() == 0
    NudgeCount.objects.all().delete()
    day = timezone.localdate() - timedelta(days=1)
    NudgeCount.objects.bulk_create(
        NudgeCount(day=day, rule=rule, refused=refused, count=count)
        for rule, refused, count in (("phone", False, 1), ("phone", False, 1), ("upn", True, 1))
    )
    with acting_as("worker"):
        assert (enter_days(), enter_days()) == (1, 0)
    entry = Entry.objects.get(action="nudges.counted")
    assert (entry.actor, entry.subject) == (None, None)
    numbers = {"nudged": {"phone": 2}, "refused": {"upn": 1}}
    assert entry.facts == {"day": day.isoformat(), **numbers}
    assert not NudgeCount.objects.exists()


def _counts() -> dict[tuple[str, bool], int]:
    counts: dict[tuple[str, bool], int] = {}
    for row in NudgeCount.objects.all():
        counts[row.rule, row.refused] = counts.get((row.rule, row.refused), 0) + row.count
    return counts


# -- over the websocket


@pytest_asyncio.fixture
async def hers(server: Server, alice: User) -> AsyncIterator[Client]:
    async with connected(server, alice) as client:
        yield client


async def test_a_page_is_told_what_to_point_out_and_a_block_is_an_error_of_the_protocol(
    hers: Client, alice: User, bob: User
) -> None:
    channel = await sync_to_async(channel_of)(alice, bob)
    school = (await hers.hello())["school"]
    assert school["nudges"] == dict.fromkeys(RULES, "nudge")
    await sync_to_async(settle)(nudge_bank="block", safeguarding_route="Ring Dana.")
    told = (await hers.next("school"))["school"]
    assert (told["nudges"]["bank"], told["route"]) == ("block", "Ring Dana.")
    refused = await hers.send(channel.id, "4111 1111 1111 1111")
    assert (refused["type"], refused["code"]) == ("error", "blocked_by_policy")
    assert (await hers.send(channel.id, "4111 1111 1111 1112"))["type"] == "sent"


async def test_each_open_page_is_told_of_a_change_in_its_own_language(
    hers: Client, server: Server, bob: User, settings: Settings, tmp_path: Path
) -> None:
    write_catalogues(tmp_path)
    settings.LOCALE_PATHS, settings.LANGUAGES = [tmp_path], LANGUAGES
    await sync_to_async(choose_language)(person=bob, language=CODE)
    usual = "Pass this to the safeguarding lead, in person or by phone."
    async with connected(server, bob) as his:
        for client, route in ((hers, usual), (his, pseudo(usual))):
            assert (await client.hello())["school"]["route"] == route
        await sync_to_async(settle)(presence="on")
        for client, route in ((hers, usual), (his, pseudo(usual))):
            assert (await client.next("school"))["school"]["route"] == route
