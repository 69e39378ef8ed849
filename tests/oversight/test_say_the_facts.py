"""The facts of an entry in words that a governor understands."""

import re
from uuid import UUID

import pytest

from oversight.fact_wording import in_words
from oversight.wording import said

BOB = str(UUID(int=7))
_NAMES = {BOB: "Bob Brennan"}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"channel": BOB, "position": 449, "on": True}, "message no. 449"),
        ({"channel": str(UUID(int=9)), "position": 449}, "channel …00000009; message no. 449"),
        ({"method": "password"}, "by password"),
        ({"emoji": "1f44d"}, "👍"),
        ({"members": [BOB], "channel_kind": "open"}, "1 member; open to all staff"),
        ({"role": "dsl", "grant": BOB}, "Designated safeguarding lead"),
        ({"record": BOB, "commitment": "0" * 64, "hits": 2, "partial": False}, "2 messages found"),
        ({"review_on": "2027-03-03"}, "to be looked at again on 3 March 2027"),
        ({"page": "entries", "filters": {"actor": BOB}}, "only: by Bob Brennan"),
        ({"page": "entries", "filters": {}}, ""),
        ({"day": "2027-03-03", "nudged": {"upn": 2}}, "on 3 March 2027; pointed out: upn 2"),
    ],
)
def test_facts_are_said(facts: dict[str, object], words: str) -> None:
    assert in_words(facts, lambda value: _NAMES.get(str(value))) == words


def test_no_hash_and_no_whole_id_is_said() -> None:
    facts = {"message": BOB, "message_commitment": "a" * 64, "person": str(UUID(int=9))}
    assert not re.search(r"[0-9a-f]{9}", in_words(facts, lambda _: None))


def test_what_was_taken_back_is_told_from_what_was_done() -> None:
    pinned, not_any_more = said("message.pinned"), said("message.pinned", undone=True)
    assert (pinned, not_any_more) == (
        "Pinned a message in a channel",
        "Unpinned a message in a channel",
    )
    assert said("message.posted", undone=True) == said("message.posted")
