"""Proof files: what is in one is traced to the checkpoint, and how one is written."""

import base64
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.entries import ItemOfAct, item_leaf
from audit.tree.proof_file import ProofFile, compose, parse
from audit.tree.proofs import ProofError
from tests.audit.proof_files import HASH, LOG, NOTE, checked, of_item, of_items_message, of_message
from tests.audit.sealed_log import (
    BULK,
    MESSAGE,
    NAME,
    OF_CHANNEL,
    SALT,
    item_document,
    item_place,
    items,
    sealed_log,
    words,
)

FEW = settings(max_examples=40, deadline=None)

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
