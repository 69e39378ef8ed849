"""Proof files with something wrong in them: nothing else is believed, and the fault is named."""

import re
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.canonical import canonical, commitment
from audit.tree.notes import signed
from audit.tree.proof_file import compose, parse
from tests.audit.proof_files import (
    HASH,
    LOG,
    NOTE,
    Change,
    changed,
    of_item,
    of_items_message,
    of_message,
    refusal,
)
from tests.audit.sealed_log import (
    BULK,
    KEY,
    MESSAGE,
    NAME,
    OTHER_KEY,
    SALT,
    item_document,
    sealed_log,
    words,
)

FEW = settings(max_examples=40, deadline=None)


def test_an_entry_with_another_fact_is_not_in_the_log() -> None:
    others: list[dict[str, object]] = [
        {"actor": None},
        {"at": "2026-11-20T09:30:00.124Z"},
        {"action": "message.edited"},
        {"subject": str(UUID(int=9))},
        {"id": str(UUID(int=9))},
        {"facts": {}},
    ]
    for other in others:
        text = changed(of_message(), partial(_put, other))
        assert "does not lead from leaf 2" in refusal(text)


def _put(other: dict[str, object], document: dict[str, Any]) -> None:
    document["entry"].update(other)


def test_another_index_is_refused() -> None:
    proof = parse(LOG.proof(3))
    text = compose(4, proof.path, proof.note, proof.extra)
    assert "does not lead from leaf 4" in refusal(text)
    text = compose(13, proof.path, proof.note, proof.extra)
    assert "no leaf 13 in a log of 13" in refusal(text)


def test_a_path_with_another_hash_or_one_less_is_refused() -> None:
    proof = parse(LOG.proof(3))
    for path in (proof.path[:-1], (*proof.path, HASH), (HASH, *proof.path[1:])):
        assert "path" in refusal(compose(3, path, proof.note, proof.extra)).lower()


def test_a_checkpoint_over_another_tree_is_refused() -> None:
    other = sealed_log()
    other.lines[0] = replace(other.lines[0], action="session.ended")
    assert "does not lead" in refusal(LOG.proof(3, note=other.note(13)))


def test_a_checkpoint_by_another_key_is_refused() -> None:
    assert "not signed by the key" in refusal(LOG.proof(3, note=LOG.note(13, OTHER_KEY)))


def test_an_altered_checkpoint_is_refused() -> None:
    assert "altered" in refusal(LOG.proof(3, note=NOTE.replace("\n13\n", "\n14\n")))


def test_a_checkpoint_of_another_log_is_refused() -> None:
    text = LOG.note(13).split("\n\n")[0].replace(NAME, "schoolchat/another") + "\n"
    assert "another log" in refusal(LOG.proof(3, note=signed(text, NAME, KEY)))


def test_what_is_no_checkpoint_is_refused() -> None:
    assert "not a signed note" in refusal(LOG.proof(3, note="a\n1\nb\n"))
    assert "three lines" in refusal(LOG.proof(3, note=signed("hello\n", NAME, KEY)))


def test_a_file_that_does_not_say_what_it_proves_is_refused() -> None:
    proof = parse(LOG.proof(3))
    assert "no extra line" in refusal(compose(3, proof.path, proof.note))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["message"].update(body="Bus at four"), "not those that were committed"),
        (lambda d: d["message"].pop("reply_to"), "not those that were committed"),
        (lambda d: d.update(salt=bytes(32).hex()), "not those that were committed"),
        (lambda d: d.update(salt="00"), "salt is not 32 bytes"),
        (lambda d: d.update(salt=None), "salt is not 32 bytes"),
        (lambda d: d.update(message="Bus at three"), "not written as one"),
        (lambda d: d.pop("salt"), "with its salt"),
        (lambda d: d.pop("message"), "with its message"),
    ],
)
def test_altered_words_are_refused(change: Change, said: str) -> None:
    assert said in refusal(changed(of_message(), change))


def test_words_are_not_proved_by_an_entry_without_a_commitment() -> None:
    assert "not those that were committed" in refusal(
        LOG.proof(1, message=words(MESSAGE), salt=SALT)
    )


@pytest.mark.parametrize("other", [{"id": UUID(int=5)}, {"version": 2}, {"id": [1]}, {"id": None}])
def test_words_of_another_message_than_the_entry_says_are_refused(other: dict[str, Any]) -> None:
    """Only who writes the log could have made it so."""
    message = words(MESSAGE) | other
    log = sealed_log()
    facts = {**log.lines[MESSAGE].facts, "message_commitment": commitment(SALT, message)}
    log.lines[MESSAGE] = replace(log.lines[MESSAGE], facts=facts)
    assert "another message" in refusal(log.proof(MESSAGE, message=message, salt=SALT))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda i: i.update(subject=str(UUID(int=9))), "not under the root"),
        (lambda i: i.update(version=2), "not under the root"),
        (lambda i: i.update(commitment=HASH.hex()), "not under the root"),
        (lambda i: i.update(index=5), "not under the root"),
        (lambda i: i.update(index=11), "not under the root"),
        (lambda i: i.update(index=-1), "not under the root"),
        (lambda i: i["path"].pop(), "not under the root"),
        (lambda i: i["path"].append(HASH.hex()), "not under the root"),
        (lambda i: i.update(path=[]), "not under the root"),
        (lambda i: i.update(count=12), "as many items"),
        (lambda i: i.update(count=True), "not written as one"),
        (lambda i: i.update(index="4"), "not written as one"),
        (lambda i: i.update(version=-1), "not written as one"),
        (lambda i: i.update(version=1 << 32), "not written as one"),
        (lambda i: i.update(path=None), "not written as one"),
        (lambda i: i.update(path=["00"]), "not written as one"),
        (lambda i: i.update(path=[5]), "not written as one"),
        (lambda i: i.update(subject="x"), "not written as one"),
        (lambda i: i.update(subject=UUID(int=9).hex), "not written as one"),
        (lambda i: i.update(subject=None), "not written as one"),
        (lambda i: i.update(commitment=HASH.hex().upper()), "not written as one"),
        (lambda i: i.update(more=1), "not written as one"),
        (lambda i: i.pop("path"), "not written as one"),
    ],
)
def test_an_altered_item_is_refused(change: Change, said: str) -> None:
    assert said in refusal(changed(of_item(), lambda document: change(document["item"])))


@pytest.mark.parametrize("item", [None, [], "item", 5])
def test_an_item_that_is_none_is_refused(item: object) -> None:
    assert "not written as one" in refusal(changed(of_item(), lambda d: d.update(item=item)))


def test_an_item_is_not_proved_by_an_entry_without_items() -> None:
    assert "as many items" in refusal(LOG.proof(MESSAGE, item=item_document(4)))


def test_an_items_words_are_not_those_of_its_neighbour() -> None:
    text = LOG.proof(BULK, item=item_document(4), message=words(5), salt=SALT)
    assert "not those that were committed" in refusal(text)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (b"{}", "does not hold an entry"),
        (b"[]", "does not hold an entry"),
        (b"null", "does not hold an entry"),
        (b'{"entry":{},"more":1}', "does not hold an entry"),
        (b'{"entry":{}}', "six parts"),
        (b'{"entry":[]}', "six parts"),
        (b'{"entry":null}', "six parts"),
        (b'{"entry":{"action":1,"actor":"","at":"","facts":{},"id":"","subject":""}}', "a part"),
        (b'{"entry":{"action":"","actor":[],"at":"","facts":{},"id":"","subject":""}}', "a part"),
        (b'{"entry":{"action":"","actor":"","at":"","facts":[],"id":"","subject":""}}', "a part"),
        (b'{"entry":{}, "item":1}', "canonical"),
        (b'{"item":1,"entry":{}}', "canonical"),
        (b'{"entry":{},"entry":{}}', "canonical"),
        (b'{"entry":1.5}', "canonical"),
        (b'{"entry":NaN}', "canonical"),
        (b'{"entry":9007199254740993}', "canonical"),
        (b'{"entry":99999999999999999999999999}', "canonical"),
        (b'{"entry":"\\ud800"}', "canonical"),
        (b'{"entry":"\xff"}', "canonical"),
        (b"[" * 900 + b"]" * 900, "canonical|does not hold"),
        (b"[" * 100_000, "canonical"),
        (b"x", "canonical"),
    ],
)
def test_a_document_that_is_none_is_refused(extra: bytes, said: str) -> None:
    assert re.search(said, refusal(compose(0, [], LOG.note(1), extra)), re.IGNORECASE)


@FEW
@given(st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["entry", "item", "message", "salt", "facts"]), inner),
    max_leaves=8,
))  # fmt: skip
def test_any_document_is_refused_with_a_sentence(document: Any) -> None:
    assert refusal(compose(0, [], LOG.note(1), canonical(document))).endswith(".")


@FEW
@given(st.sampled_from(["entry", "item", "message", "salt"]), st.data())
def test_any_part_put_in_the_place_of_another_is_refused(part: str, data: st.DataObject) -> None:
    anything = st.none() | st.integers(-5, 5) | st.text(max_size=3) | st.lists(st.text(max_size=2))
    text = of_items_message()
    inner = orjson.loads(parse(text).extra or b"")[part]
    value = data.draw(anything)
    if isinstance(inner, dict):
        name = data.draw(st.sampled_from(sorted(inner)))
        if inner[name] == value:
            return
        assert refusal(changed(text, lambda document: document[part].update({name: value})))
    else:
        assert refusal(changed(text, lambda document: document.update({part: value})))
