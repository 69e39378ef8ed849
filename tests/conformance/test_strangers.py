"""Who is not a member gets nothing of a channel, by any frame, whatever their office."""

from contextlib import AsyncExitStack

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from messaging.models import Channel
from messaging.services.messages import edit_message
from tests.conformance.tab import Tab, present, signed_in
from tests.scenes import channel_of, say
from tests.sockets import Place, opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def strangers(carol: User, theo: User, dana: User) -> tuple[User, ...]:
    """A supply teacher, who runs the machines, and the safeguarding lead."""
    return (carol, theo, dana)


def _heard(tab: Tab, channel: Channel) -> list[str]:
    """What came that names the channel or holds its words; not even an id that they said
    themselves is repeated to them."""
    return [text for text in tab.texts if str(channel.id) in text or "Marmalade" in text]


async def test_every_verb_is_refused(
    server: Place, channel: Channel, alice: User, strangers: tuple[User, ...]
) -> None:
    message = await sync_to_async(say)(alice, channel, "Marmalade")
    for stranger in strangers:
        own = await sync_to_async(channel_of)(stranger, name="Their own")
        async with present(server, stranger) as tab:
            await tab.hello(**{str(channel.id): 0})
            there = {"channel": channel.id}
            await tab.refused("not_a_member", "send", body="Let me in", **there)
            for place in (
                {},
                {"after": 0},
                {"before": message.id},
                {"around": message.id},
                {"thread": message.id},
                {"pinned": True},
            ):
                await tab.refused("not_a_member", "fetch", **there, **place)
            for name in ("before", "around", "thread"):
                await tab.refused("not_found", "fetch", channel=own.id, **{name: message.id})
            await tab.refused("not_found", "send", channel=own.id, body="Re:", reply_to=message.id)
            await tab.refused("not_found", "edit", message=message.id, body="Mine now")
            await tab.refused("not_found", "delete", message=message.id)
            for on in (True, False):
                emoji = {"emoji": "👍", "on": on}
                await tab.refused("not_found", "react", message=message.id, **emoji)
                await tab.refused("not_found", "pin", message=message.id, on=on)
            await tab.refused("not_found", "send", channel=own.id, forward=message.id)
            await tab.say("read", seq=1, **there)
            await tab.say("typing", **there)
            await tab.answers()
        assert _heard(tab, channel) == []


async def test_nothing_of_what_happens_there_is_heard(
    server: Place, channel: Channel, alice: User, strangers: tuple[User, ...], typing: None
) -> None:
    common = await sync_to_async(channel_of)(alice, *strangers, name="In common")
    async with AsyncExitStack() as stack:
        a = await stack.enter_async_context(present(server, alice))
        tabs = [await stack.enter_async_context(present(server, one)) for one in strangers]
        await a.follows(typing="on")
        sent = await a.send(channel.id, "Marmalade")
        await a.ask("edit", message=sent["message"]["id"], body="More Marmalade")
        await a.ask("react", message=sent["message"]["id"], emoji="👍", on=True)
        await a.ask("pin", message=sent["message"]["id"], on=True)
        await a.ask("delete", message=sent["message"]["id"])
        await a.say("typing", channel=channel.id)
        await a.send(common.id, "To all of us")
        for tab in tabs:
            await tab.hears("To all of us")
            await tab.hears_nothing("typing", within=0.1)
    assert [_heard(tab, channel) for tab in tabs] == [[]] * len(tabs)


async def test_a_session_opens_no_more_than_its_person_may_read(
    server: Place, channel: Channel, alice: User, carol: User
) -> None:
    message = await sync_to_async(say)(alice, channel, "Marmalade")
    async with opened(server, await signed_in(server, carol)) as socket:
        tab = Tab(socket)
        assert (await tab.hello())["channels"] == []
        await sync_to_async(edit_message)(author=alice, message_id=message.id, body="Marmalade!")
        await tab.refused("not_a_member", "fetch", channel=channel.id)
        await tab.hears_nothing("message", "changed", within=0.1)
    assert _heard(tab, channel) == []
