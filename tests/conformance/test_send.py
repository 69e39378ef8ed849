"""`send`: stored once, answered after the commit, heard by the members and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.models import User
from audit.clock import now
from messaging.models import Channel, Message
from messaging.services.channels import archive_channel, create_channel, remove_member
from tests.conformance.tab import present
from tests.faults.product import until
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.sockets import Place

pytestmark = pytest.mark.django_db(transaction=True)

LOCK = 4_711


def _at_commit_wait_for_us() -> None:
    """Every commit of a message waits for a lock, which is ours."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN PERFORM pg_advisory_xact_lock_shared({LOCK}); RETURN NULL; END'"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON messaging_message"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()"
        )
        cursor.execute(f"SELECT pg_advisory_lock({LOCK})")


def _let_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


def _wait_no_more() -> None:
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
        cursor.execute("DROP FUNCTION wait_at_commit CASCADE")


def _waits() -> bool:
    """Somebody is at the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND objid = %s",
            [LOCK],
        )
        return bool(cursor.fetchone()[0])


@asynccontextmanager
async def commits_held() -> AsyncIterator[None]:
    await sync_to_async(_at_commit_wait_for_us)()
    try:
        yield
    finally:
        await sync_to_async(_wait_no_more)()


async def _stored(ref: str | UUID) -> int:
    return await Message.objects.filter(ref=ref).acount()


async def test_sent_brings_the_message_and_the_members_hear_it(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        sent = await a.send(channel.id, "Fire drill at **2**")
        own = await a.hears("Fire drill at **2**")
        heard = await b.hears("Fire drill at **2**")
    message = sent["message"]
    assert message == own["message"] == heard["message"]
    assert message["author"] == {"id": str(alice.id), "name": alice.display_name}
    assert (message["channel"], message["ref"]) == (str(channel.id), sent["ref"])
    assert (message["kind"], message["body"]) == ("text", "Fire drill at **2**")
    assert message["html"] == "<p>Fire drill at <strong>2</strong></p>"
    assert message["seq"] == message["changed"] == heard["upto"] == heard["since"] + 1
    assert (message["reply_to"], message["edited_at"], message["deleted_at"]) == (None, None, None)
    assert abs(datetime.fromisoformat(message["sent_at"]) - now()) < timedelta(seconds=30)


async def test_sent_waits_for_the_commit(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b, commits_held():
        ref = await a.say("send", channel=channel.id, body="Not before it is on disk")
        await sync_to_async(until)(_waits, within=5)
        await a.hears_nothing("sent", "error")
        await b.answers()
        assert not [text for text in (*a.texts, *b.texts) if "Not before" in text]
        assert await _stored(ref) == 0
        await sync_to_async(_let_commit)()
        await a.next("sent", ref=ref)
        assert await _stored(ref) == 1
        await b.hears("Not before it is on disk")


async def test_a_body_holds_8000_code_points_and_no_more(
    server: Place, channel: Channel, alice: User
) -> None:
    async with present(server, alice) as a:
        for letter in ("ŷ", "🦉"):
            sent = await a.send(channel.id, letter * 8_000)
            assert sent["message"]["body"] == letter * 8_000
            await a.refused("too_long", "send", channel=channel.id, body=letter * 8_001)
    assert await Message.objects.filter(kind="text").acount() == 2


async def test_a_message_needs_words(server: Place, channel: Channel, alice: User) -> None:
    async with present(server, alice) as a:
        for body in ("", " \n\t ", "\u00a0"):
            await a.refused("empty", "send", channel=channel.id, body=body)
    assert not await Message.objects.filter(kind="text").aexists()


async def test_words_come_as_they_were_written(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    words = 'Dŵr i’r tŷ 🏴󠁧󠁢󠁷󠁬󠁳󠁿 "ŷ" \\ 漢字 👩🏽‍🏫\u2028<&>'
    async with present(server, alice) as a, present(server, bob) as b:
        sent = await a.send(channel.id, words)
        heard = await b.hears(words)
    assert sent["message"]["body"] == heard["message"]["body"] == words
    assert "Dŵr i’r tŷ 🏴󠁧󠁢󠁷󠁬󠁳󠁿" in a.texts[-1]
    assert "👩🏽‍🏫" in b.texts[-1]


async def test_what_is_shown_is_harmless(server: Place, channel: Channel, alice: User) -> None:
    harm = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [here](javascript:alert(1))"
        " ![pixel](https://elsewhere.example/p.png) [there](https://elsewhere.example/ 'x')"
    )
    async with present(server, alice) as a:
        html = (await a.send(channel.id, harm))["message"]["html"]
    for bad in ("<script", "<img", 'href="javascript'):
        assert bad not in html
    assert '<a href="https://elsewhere.example/"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


async def test_a_reply_names_a_message_of_the_same_channel(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    asked = await sync_to_async(say)(alice, channel, "Who has the key?")
    other = await sync_to_async(channel_of)(bob, name="Elsewhere")
    elsewhere = await sync_to_async(say)(bob, other, "Not here")
    async with present(server, bob) as b:
        reply = await b.send(channel.id, "I do", reply_to=asked.id)
        assert reply["message"]["reply_to"] == str(asked.id)
        for wrong in (elsewhere.id, uuid4()):
            await b.refused("not_found", "send", channel=channel.id, body="?", reply_to=wrong)


async def test_fields_that_are_not_what_they_should_be_are_a_bad_frame(
    server: Place, channel: Channel, alice: User
) -> None:
    right = {"channel": channel.id, "body": "Hello"}
    async with present(server, alice) as a:
        for wrong in (
            {"channel": "Year 5"},
            {"channel": None},
            {"body": None},
            {"body": ["Hello"]},
            {"body": {"text": "Hello"}},
            {"reply_to": 5},
            {"ref": "x"},
        ):
            await a.refused("bad_frame", "send", **{**right, **wrong})
    assert not await Message.objects.filter(kind="text").aexists()


async def test_in_announcements_only_who_may_post_posts(
    server: Place, alice: User, bob: User
) -> None:
    news = await sync_to_async(create_channel)(
        by=alice, kind="announcement", name="News", members=[bob]
    )
    async with present(server, alice) as a, present(server, bob) as b:
        await b.refused("read_only", "send", channel=news.id, body="May I?")
        assert (await a.send(news.id, "You may not"))["type"] == "sent"
        await b.hears("You may not")


async def test_nothing_is_added_to_an_archived_channel(
    server: Place, channel: Channel, alice: User
) -> None:
    await sync_to_async(archive_channel)(by=alice, channel_id=channel.id)
    async with present(server, alice) as a:
        await a.refused("read_only", "send", channel=channel.id, body="Too late")


async def test_a_removed_member_posts_and_hears_no_more(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, alice) as a, present(server, bob) as b:
        await sync_to_async(remove_member)(by=alice, channel_id=channel.id, person=bob)
        await b.next("channel", action="left")
        await a.send(channel.id, "Without Bob")
        await b.refused("not_a_member", "send", channel=channel.id, body="Hello?")
        await b.refused("not_a_member", "fetch", channel=channel.id, after=0)
        await asyncio.sleep(0.1)
        await b.answers()
    assert not [text for text in b.texts if "Without Bob" in text]


async def test_a_channel_that_is_not_there_and_one_that_is_not_yours_sound_alike(
    server: Place, channel: Channel, carol: User
) -> None:
    async with present(server, carol) as c:
        strange = await c.refused("not_a_member", "send", channel=channel.id, body="Hello?")
        absent = await c.refused("not_a_member", "send", channel=uuid4(), body="Hello?")
    assert strange["detail"] == absent["detail"]


async def test_a_job_s_message_is_heard_like_any_other(
    server: Place, channel: Channel, alice: User, bob: User
) -> None:
    async with present(server, bob) as b:
        message = await sync_to_async(say)(alice, channel, "From a job")
        heard = await b.hears("From a job")
    assert heard["message"]["id"] == str(message.id)
    assert heard["since"] == heard["upto"] - 1
