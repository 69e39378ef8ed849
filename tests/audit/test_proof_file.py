"""Proof files: what is in one is traced to the checkpoint, and nothing else is believed."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.canonical import canonical, commitment
from audit.entries import ItemOfAct, item_leaf
from audit.tree.notes import signed
from audit.tree.proof_file import ProofFile, Proved, check, compose, parse
from audit.tree.proofs import ProofError
from tests.audit.sealed_log import (
    BULK,
    KEY,
    MESSAGE,
    NAME,
    OF_CHANNEL,
    OTHER_KEY,
    SALT,
    item_document,
    item_place,
    items,
    sealed_log,
    words,
)

FEW = settings(max_examples=40, deadline=None)

LOG = sealed_log()
NOTE = LOG.note(13)
PUBLIC = KEY.public_key().public_bytes_raw()
HASH = bytes(range(32))
LINE = base64.b64encode(HASH).decode()
PLAIN = compose(3, [HASH, HASH], NOTE, b"extra")
#: The example of c2sp.org/tlog-proof, with its shortened parts made whole.
EXAMPLE = f"""c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog {LINE}
"""

Change = Callable[[dict[str, Any]], object]


def checked(text: str) -> Proved:
    return check(parse(text), name=NAME, public_key=PUBLIC)


def refusal(text: str) -> str:
    with pytest.raises(ProofError) as refused:
        checked(text)
    return str(refused.value)


def changed(text: str, change: Change) -> str:
    """The file with its document changed, and all else as it was."""
    proof = parse(text)
    document = orjson.loads(proof.extra or b"")
    change(document)
    return compose(proof.index, proof.path, proof.note, canonical(document))


def of_message() -> str:
    return LOG.proof(MESSAGE, message=words(MESSAGE), salt=SALT)


def of_item(index: int = 4) -> str:
    return LOG.proof(BULK, item=item_document(index))


def of_items_message(index: int = 4) -> str:
    return LOG.proof(BULK, item=item_document(index), message=words(index), salt=SALT)


# What is proved


def test_every_entry_of_every_size_is_proved() -> None:
    for size in range(8, 14):
        log = sealed_log(size)
        for index in range(size):
            proved = checked(log.proof(index))
            assert (proved.index, proved.head.size, proved.head.origin) == (index, size, NAME)
            assert proved.entry["id"] == str(log.lines[index].uid)
            assert (proved.item, proved.message) == (None, None)


def test_the_words_of_a_message_are_proved() -> None:
    proved = checked(of_message())
    assert proved.message is not None
    assert proved.message["body"] == words(MESSAGE)["body"]
    assert proved.entry["action"] == "message.posted"


def test_a_message_that_another_act_holds_is_proved() -> None:
    proved = checked(LOG.proof(OF_CHANNEL, message=words(MESSAGE), salt=SALT))
    assert proved.entry["action"] == "member.left"
    assert proved.message is not None


def test_every_item_of_a_bulk_act_is_proved() -> None:
    for index, item in enumerate(items()):
        proved = checked(of_item(index))
        assert proved.item == item_place(index)
        assert proved.item is not None
        assert proved.item.item == item


def test_an_item_that_is_no_version_of_a_message_is_proved() -> None:
    """What a disposal destroyed stands under its act as version 0."""
    item = ItemOfAct(subject=UUID(int=9), version=0, commitment=HASH)
    log = sealed_log()
    facts = {"count": 1, "root": item_leaf(item).hex()}
    log.lines[BULK] = replace(log.lines[BULK], facts=facts)
    proved = checked(log.proof(BULK, item={"index": 0, "count": 1, "path": [], **vars(item)}))
    assert proved.item is not None
    assert proved.item.item == item


def test_the_words_of_an_item_are_proved() -> None:
    proved = checked(of_items_message())
    assert proved.item is not None
    assert proved.message is not None
    assert proved.message["id"] == str(proved.item.item.subject)


def test_the_item_of_an_act_over_one_needs_no_path() -> None:
    place = replace(item_place(0), count=1, path=())
    log = sealed_log()
    item = item_document(0) | {"count": 1, "path": []}
    facts = {"seed": 1, "count": 1, "root": item_leaf(place.item).hex()}
    log.lines[BULK] = replace(log.lines[BULK], facts=facts)
    assert checked(log.proof(BULK, item=item)).item == place


# What is wrong with a proof is named


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


# How a file is written


def test_a_file_is_written_as_the_specification_says() -> None:
    proof = parse(EXAMPLE)
    assert (proof.index, len(proof.path)) == (73_894, 5)
    assert proof.extra == b"age-v1.2.1-darwin-arm64.tar.gz"
    assert proof.note.startswith("example.com/fancylog\n109482\n")
    assert compose(proof.index, proof.path, proof.note, proof.extra) == EXAMPLE


@FEW
@given(
    st.integers(0, 10**18),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.none() | st.binary(min_size=1, max_size=50),
)
def test_a_file_is_read_as_it_was_written(
    index: int, path: list[bytes], extra: bytes | None
) -> None:
    found = parse(compose(index, path, NOTE, extra))
    assert found == ProofFile(index=index, path=tuple(path), note=NOTE, extra=extra)


def test_the_longest_path_that_can_be_is_read() -> None:
    assert parse(compose(0, [HASH] * 63, NOTE, b"x")).path == (HASH,) * 63


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        PLAIN.replace("@v1", "@v2"),
        PLAIN.replace("\n", "\r\n"),
        f"\n{PLAIN}",
        f" {PLAIN}",
        PLAIN.partition("\n\n")[0],
        PLAIN.partition("\n\n")[0] + "\n\n",
        PLAIN.replace("index 3\n", ""),
        PLAIN.replace("index 3\n", "index\n"),
        PLAIN.replace("index 3\n", "index 03\n"),
        PLAIN.replace("index 3\n", "index -3\n"),
        PLAIN.replace("index 3\n", "index  3\n"),
        PLAIN.replace("index 3\n", "index 3 \n"),
        PLAIN.replace("index 3\n", "index ٣\n"),
        PLAIN.replace("index 3\n", f"index {'3' * 20}\n"),
        PLAIN.replace("index 3\n", "Index 3\n"),
        PLAIN.replace("index 3\n", "index 3\nindex 3\n"),
        PLAIN.replace("extra ZXh0cmE=\n", "extra \n"),
        PLAIN.replace("extra ZXh0cmE=\n", "extra ZXh0cmE\n"),
        PLAIN.replace("extra ZXh0cmE=\n", "extra ZXh0cmF=\n"),
        PLAIN.replace("extra ZXh0cmE=\n", "extra ZXh0cmE=\nextra ZXh0cmE=\n"),
        PLAIN.replace("extra ZXh0cmE=\nindex 3\n", "index 3\nextra ZXh0cmE=\n"),
        PLAIN.replace(LINE, HASH.hex()),
        PLAIN.replace(LINE, LINE[:-1]),
        PLAIN.replace(LINE, f"{LINE} "),
        PLAIN.replace(LINE, "AAAA"),
        PLAIN.replace(f"{LINE}\n", f"{LINE}\n" * 32),
        "c2sp.org/tlog-proof@v1\n\nnote",
        "c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\n\nnote",
        f"{PLAIN}{'x' * (1 << 20)}",
    ],
)
def test_what_is_not_written_as_a_proof_is_refused(text: str) -> None:
    with pytest.raises(ProofError, match=r"^[A-Z][^\n]*\.$"):
        parse(text)


@FEW
@given(st.text() | st.text("ab 0=\n").map(lambda text: f"c2sp.org/tlog-proof@v1\n{text}"))
def test_any_text_is_a_proof_or_refused(text: str) -> None:
    try:
        proof = parse(text)
    except ProofError:
        return
    assert compose(proof.index, proof.path, proof.note, proof.extra) == text


@FEW
@given(st.integers(0), st.text(max_size=3), st.integers(0, 3))
def test_a_file_with_something_put_into_it_is_refused_or_proves_the_same(
    at: int, put: str, gone: int
) -> None:
    text = of_items_message()
    at %= len(text)
    try:
        proved = checked(text[:at] + put + text[at + gone :])
    except ProofError:
        return
    assert proved == checked(text)


@pytest.mark.parametrize(
    ("index", "path", "note", "extra"),
    [
        (-1, [], NOTE, b"x"),
        (10**19, [], NOTE, b"x"),
        (0, [HASH[:-1]], NOTE, b"x"),
        (0, [HASH] * 64, NOTE, b"x"),
        (0, [], "", b"x"),
        (0, [], NOTE, b""),
        (0, [], NOTE, bytes(1 << 20)),
    ],
)
def test_a_proof_that_could_not_be_read_again_is_not_written(
    index: int, path: list[bytes], note: str, extra: bytes
) -> None:
    with pytest.raises(ProofError):
        compose(index, path, note, extra)
