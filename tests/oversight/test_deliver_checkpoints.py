"""Carrying checkpoints out, over real sockets and into a real folder, and trying again."""

import socket
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from audit.actions import Action
from audit.checkpoints import note_of
from audit.models import Entry
from oversight.models import Delivery, Recipient
from oversight.services.publications import add_recipient, publish
from oversight.words import root_of
from oversight.workers import delivering
from tests.oversight.outside import MailServer, WebServer, delivered, published

Add = Callable[..., Recipient]


@pytest.fixture
def add(priya: User) -> Add:
    """`add("email", "Chris", "chris@governors.example")`."""

    def one(way: str, name: str = "Outside", address: str = "") -> Recipient:
        return add_recipient(by=priya, name=name, way=way, address=address)

    return one


def _states() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("id").values_list("state", "error"))


def _parts(message: EmailMessage) -> tuple[str, dict[str | None, bytes]]:
    body = message.get_body(("plain",))
    assert body is not None
    attached = {
        part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()
    }
    return body.get_content(), attached  # type: ignore[return-value]


def test_the_mail_has_the_note_and_the_root_in_words(
    post: MailServer, add: Add, priya: User
) -> None:
    add("email", "Chris Cole", "chris@governors.example")
    publication = published(priya)

    delivered()

    ((address, message),) = post.arrived
    body, attached = _parts(message)
    checkpoint = publication.checkpoint
    assert address == "chris@governors.example"
    assert message["From"] == "log@school.example"
    assert attached == {"checkpoint.txt": note_of(checkpoint).encode()}
    assert bytes(checkpoint.root).hex() in body
    words = body.partition("in words:")[2].partition("Keep this")[0]
    assert root_of(words) == bytes(checkpoint.root)
    assert "For Chris Cole" in body
    assert f"first {checkpoint.size} entries" in body


def test_nobody_is_told_of_the_others(post: MailServer, add: Add, priya: User) -> None:
    add("email", "Chris Cole", "chris@governors.example")
    add("email", "Priya Patel", "priya@elsewhere.example")
    published(priya)

    delivered()

    assert [address for address, _ in post.arrived] == [
        "chris@governors.example",
        "priya@elsewhere.example",
    ]
    for address, message in post.arrived:
        other = {"chris@governors.example", "priya@elsewhere.example"} - {address}
        assert other.pop() not in message.as_string()


def test_each_arrival_is_one_entry_without_a_name(post: MailServer, add: Add, priya: User) -> None:
    chair = add("email", "Chris Cole", "chris@governors.example")
    publication = published(priya)

    delivered()
    delivered(timedelta(hours=1))

    entry = Entry.objects.get(action=Action.CHECKPOINT_DELIVERED)
    assert (entry.actor, entry.subject) == (None, chair.uid)
    assert entry.facts == {"size": publication.checkpoint.size, "way": "email"}
    assert len(post.arrived) == 1


def test_what_is_refused_or_unreachable_is_tried_again_after_a_rest(
    post: MailServer, add: Add, priya: User
) -> None:
    add("email", "Chris Cole", "chris@governors.example")
    post.refused.add("chris@governors.example")
    published(priya)

    delivered()
    assert _states() == [("waiting", "refused")]
    delivered(timedelta(minutes=1))
    assert Delivery.objects.get().tries == 1
    delivered(timedelta(minutes=3))
    assert Delivery.objects.get().tries == 2

    post.refused.clear()
    delivered(timedelta(minutes=10))
    assert _states() == [("delivered", "")]
    assert Delivery.objects.get().tries == 3


def test_the_rests_grow_and_all_tries_lie_within_a_day(
    settings: Settings, post: MailServer, add: Add, priya: User
) -> None:
    add("email", "Chris Cole", "chris@governors.example")
    published(priya)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.MAILERS["smtp"]["OPTIONS"]["port"] = closed.getsockname()[1]
        for minute in range(0, 27 * 60, 2):
            delivered(timedelta(minutes=minute))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == ("failed", "unreachable")
    assert 8 < delivery.tries < 16


def test_a_mail_server_that_is_taken_away_is_said_in_words(
    settings: Settings, post: MailServer, add: Add, priya: User
) -> None:
    add("email", "Chris Cole", "chris@governors.example")
    published(priya)
    settings.MAILERS = {}
    delivered()
    assert _states() == [("waiting", "not_set_up")]


def test_two_workers_do_not_both_send_it(
    post: MailServer, add: Add, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one saw the delivery before the first one took it."""
    add("email", "Chris Cole", "chris@governors.example")
    published(priya)
    seen = list(Delivery.objects.select_related("publication__checkpoint", "recipient"))
    delivered()
    monkeypatch.setattr(delivering, "due_deliveries", lambda *_: seen)
    delivered()
    assert len(post.arrived) == 1


def test_the_folder_gets_a_whole_file_for_each_checkpoint(
    folder: Path, add: Add, priya: User
) -> None:
    add("file")
    first, second = published(priya).checkpoint, published(priya).checkpoint

    delivered()

    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        f"checkpoint-1-{first.size:012}.txt": note_of(first),
        f"checkpoint-1-{second.size:012}.txt": note_of(second),
    }


def test_a_checkpoint_published_twice_is_one_file(folder: Path, add: Add, priya: User) -> None:
    add("file")
    published(priya)
    publish(by=priya, reason="asked")
    delivered()
    assert len(list(folder.iterdir())) == 1
    assert _states() == [("delivered", "")] * 2


def test_no_file_is_ever_written_over(folder: Path, add: Add, priya: User) -> None:
    add("file")
    checkpoint = published(priya).checkpoint
    there = folder / f"checkpoint-1-{checkpoint.size:012}.txt"
    there.write_text("another log’s")

    delivered()

    assert there.read_text() == "another log’s"
    assert [path.name for path in folder.iterdir()] == [there.name]
    assert _states() == [("waiting", "occupied")]


def test_a_share_without_links_will_do(
    folder: Path, add: Add, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", no_links)
    add("file")
    checkpoint = published(priya).checkpoint
    publish(by=priya, reason="asked")
    delivered()
    assert [path.read_text() for path in folder.iterdir()] == [note_of(checkpoint)]
    assert _states() == [("delivered", "")] * 2


def test_a_share_that_is_not_mounted_is_tried_again(folder: Path, add: Add, priya: User) -> None:
    add("file")
    published(priya)
    folder.rmdir()
    delivered()
    assert _states() == [("waiting", "unreachable")]
    folder.mkdir()
    delivered(timedelta(minutes=5))
    assert _states() == [("delivered", "")]


def test_the_web_address_gets_the_note_as_plain_text(
    hook: WebServer, add: Add, priya: User
) -> None:
    add("webhook")
    checkpoint = published(priya).checkpoint
    delivered()
    ((path, headers, body),) = hook.posted
    assert (path, body) == ("/hook", note_of(checkpoint).encode())
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert _states() == [("delivered", "")]


@pytest.mark.parametrize("status", [302, 307, 403, 500])
def test_anything_but_success_is_a_refusal_and_no_other_address_is_called(
    hook: WebServer, add: Add, priya: User, status: int
) -> None:
    add("webhook")
    published(priya)
    hook.status, hook.location = status, f"{hook.address}/elsewhere"
    delivered()
    assert [path for path, *_ in hook.posted] == ["/hook"]
    assert _states() == [("waiting", "refused")]


def test_a_web_address_that_is_away_is_unreachable(
    hook: WebServer, settings: Settings, add: Add, priya: User
) -> None:
    add("webhook")
    published(priya)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.CHECKPOINT_WEBHOOK = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        delivered()
    assert _states() == [("waiting", "unreachable")]
