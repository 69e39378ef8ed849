"""The tests' own client: it follows the book, and it notices when a server does not."""

from typing import Any
from uuid import UUID

import orjson
import pytest

from tests.conformance.frames import Violation, check_frame, check_text
from tests.conformance.store import Store
from tests.sockets import Frame

CHANNEL = "019a3efc-0b7a-7d10-8a55-0c9b8a7d6e5f"
REF = "6f1c1d1e-2a54-4c59-9a8e-0f4b1b6c2d3e"


def _message(seq: int, **fields: Any) -> Frame:
    return {
        "id": str(UUID(int=seq | 7 << 76 | 2 << 62)),
        "channel": CHANNEL,
        "seq": seq,
        "changed": seq,
        "ref": REF,
        "author": {"id": "019a3ee1-55aa-7c3f-b1de-9a8b7c6d5e4f", "name": "Alice"},
        "sent_at": f"2026-11-02T07:41:12.{seq:03}Z",
        "kind": "text",
        "body": f"Line {seq}",
        "html": f"<p>Line {seq}</p>",
        "reply_to": None,
        "attachments": [],
        "reactions": [],
        "mentions": [],
        "mentions_all": None,
        "forwarded": None,
        "edited_at": None,
        "deleted_at": None,
        "pinned": False,
        "corrections": [],
        **fields,
    }


def _live(since: int, upto: int, **fields: Any) -> Frame:
    message = _message(fields.pop("seq", upto), changed=upto, **fields)
    return {
        "type": "message",
        "channel": CHANNEL,
        "since": since,
        "upto": upto,
        "message": message,
    }


def _changes(since: int | None, upto: int | None, *seqs: int, **fields: Any) -> Frame:
    frame = {"type": "changes", "ref": None, "channel": CHANNEL, "since": since, "upto": upto}
    return {**frame, "messages": [_message(seq) for seq in seqs], "more": False, **fields}


@pytest.fixture
def store() -> Store:
    """At position 3, with two messages."""
    made = Store()
    (asked,) = made.take(_welcome())
    assert (asked["channel"], asked["kind"]) == (CHANNEL, "fetch")
    assert made.take(_changes(0, 3, 1, 2, ref=asked["ref"])) == []
    assert made.positions == {CHANNEL: 3}
    return made


def _welcome() -> Frame:
    return {"type": "welcome", "channels": [{"id": CHANNEL}]}


def _bodies(store: Store) -> list[str]:
    return [message["body"] for message in store.channels[CHANNEL].in_page_order()]


def test_a_frame_that_fits_moves_the_position(store: Store) -> None:
    assert store.take(_live(2, 4)) == []
    assert store.positions == {CHANNEL: 4}
    assert store.take(_live(2, 4)) == []
    assert _bodies(store) == ["Line 1", "Line 2", "Line 4"]


def test_an_older_state_does_not_come_back(store: Store) -> None:
    store.take(_live(3, 5, seq=2, body="Edited", edited_at="2026-11-02T07:42:00.000Z"))
    store.take(_live(1, 2))
    assert _bodies(store) == ["Line 1", "Edited"]


def test_a_hole_is_asked_for_and_what_came_meanwhile_too(store: Store) -> None:
    (asked,) = store.take(_live(4, 5))
    assert asked["after"] == 3
    assert store.take(_live(5, 6)) == []
    assert not store.settled(CHANNEL, 3)
    (again,) = store.take(_changes(3, 5, 4, 5, ref=asked["ref"]))
    assert again["after"] == 5
    assert store.take(_changes(5, 6, 6, ref=again["ref"])) == []
    assert store.settled(CHANNEL, 6)
    assert store.channels[CHANNEL].holes == 1


def test_a_reset_forgets_and_what_was_asked_before_is_late(store: Store) -> None:
    (late,) = store.take(_live(8, 9))
    (newest,) = store.take({"type": "reset", "channel": CHANNEL})
    assert _bodies(store) == []
    assert store.take(_changes(3, 9, 9, ref=late["ref"])) == []
    assert _bodies(store) == []
    store.take(_changes(0, 9, 8, ref=newest["ref"]))
    assert (_bodies(store), store.positions) == (["Line 8"], {CHANNEL: 9})


def test_after_a_lost_connection_it_goes_on(store: Store) -> None:
    assert store.take(_welcome()) == []
    (asked,) = store.take(_changes(3, 5, 5, more=True))
    assert asked["after"] == 5


def test_news_before_the_welcome_does_not_stand_for_the_newest_page() -> None:
    store = Store()
    joined = {"type": "channel", "action": "joined", "channel": {"id": CHANNEL}}
    (early,) = store.take(joined)
    assert store.take(_live(0, 1)) == []
    assert store.positions == {}
    (asked,) = store.take(_welcome())
    assert store.take(_changes(0, 1, 1, ref=early["ref"])) == []
    assert not store.settled(CHANNEL, 1)
    assert store.take(_changes(0, 1, 1, ref=asked["ref"])) == []
    assert store.settled(CHANNEL, 1)


def test_a_channel_that_did_not_fit_after_hello_is_asked_for(store: Store) -> None:
    assert store.take(_welcome()) == []
    (asked,) = store.take(_changes(3, 3, more=True))
    assert asked["after"] == 3


def test_what_is_gone_leaves_no_trace(store: Store) -> None:
    gone = [_message(1)["id"]]
    stretch = {"channel": CHANNEL, "since": 3, "upto": 4}
    assert store.take({"type": "gone", "messages": gone, **stretch}) == []
    assert (_bodies(store), store.positions) == (["Line 2"], {CHANNEL: 4})


@pytest.mark.parametrize(
    "frame",
    [
        _live(3, 4, seq=2, body="Line 2", author={"id": None, "name": "Mallory"}),
        _live(1, 2, body="Another state at one position"),
        _live(3, 4, seq=2, id=_message(9)["id"]),
    ],
    ids=["another author", "two states", "one seq twice"],
)
def test_states_that_cannot_be_are_noticed(store: Store, frame: Frame) -> None:
    with pytest.raises(Violation):
        store.take(frame)


def test_a_tombstone_that_lives_again_is_noticed(store: Store) -> None:
    gone = {"body": "", "html": "", "deleted_at": "2026-11-02T07:42:00.000Z"}
    store.take(_live(3, 4, seq=2, **gone))
    with pytest.raises(Violation, match="came back"):
        store.take(_live(4, 5, seq=2))


def test_who_has_left_hears_nothing_more(store: Store) -> None:
    store.take({"type": "channel", "action": "left", "channel": {"id": CHANNEL}})
    assert store.positions == {}
    with pytest.raises(Violation, match="not a member"):
        store.take(_live(3, 4))


def test_a_page_out_of_order_is_noticed(store: Store) -> None:
    asked = store.channels[CHANNEL].before()
    with pytest.raises(Violation, match="page order"):
        store.take(_changes(None, None, 2, 1, ref=asked["ref"]))


@pytest.mark.parametrize(
    "frame",
    [
        _live(5, 4),
        _live(4, 4),
        {**_live(3, 4), "upto": 3},
        _changes(3, 4, 5),
        _changes(3, None),
        _changes(3, 3, more=True, ref=REF),
        _live(3, 4, id="6f1c1d1e-2a54-4c59-9a8e-0f4b1b6c2d3e"),
        _live(3, 4, sent_at="2026-11-02T07:41:12Z"),
        _live(3, 4, sent_at="2026-11-02T07:41:12.000+00:00"),
        _live(3, 4, edited_at=""),
        _live(3, 4, kind="system"),
        _live(3, 4, ref=None),
        _live(3, 4, deleted_at="2026-11-02T07:41:12.000Z"),
        _live(3, 4, seq=5),
        _live(3, 4, channel=REF),
        _live(3, 4, reactions=[{"emoji": "👍", "count": 2, "users": [REF]}]),
        _live(3, 4, reactions=[{"emoji": "👍", "count": 1, "users": [REF]}] * 2),
        _live(3, 4, mentions=[REF, REF]),
        _live(3, 4, mentions_all="some"),
        _live(3, 4, forwarded={"author": "Alice"}),
        {"type": "dance"},
        {"type": "typing", "channel": CHANNEL},
        {"type": "channel", "action": "left", "channel": {"id": CHANNEL, "name": "Year 5"}},
        {"type": "error", "ref": None, "code": "odd", "detail": "A sentence."},
        {"type": "error", "ref": None, "code": "empty", "detail": "KeyError: 'x'"},
        {"type": "error", "ref": None, "code": "too_fast", "detail": "A sentence."},
    ],
    ids=str,
)
def test_a_frame_that_breaks_the_protocol_is_noticed(frame: Frame) -> None:
    with pytest.raises(Violation):
        check_frame(frame)


def test_frames_that_keep_it_are_not() -> None:
    for frame in (_live(3, 4), _changes(3, 5, 4, 5), _changes(3, 3), _changes(0, 5, 4, more=True)):
        check_frame(frame)
        check_text(orjson.dumps(frame).decode())


@pytest.mark.parametrize(
    "text", ['{"t":1,"type":"pong"}', '{"type":"pong","t":"t\\u0177"}', b'{"type":"pong","t":1}']
)
def test_a_text_that_is_not_as_it_should_be_is_noticed(text: object) -> None:
    with pytest.raises(Violation):
        check_text(text)


def test_what_only_looks_escaped_is_not_noticed() -> None:
    check_text(orjson.dumps({"type": "pong", "t": "C:\\users \x01 ŷ 🦉"}).decode())
