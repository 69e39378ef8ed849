"""docs/verify_log.py on proofs: it comes to the product's verdicts."""

import base64
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from audit.canonical import commitment
from audit.tree.proof_file import compose, parse
from tests.audit.proof_files import changed
from tests.audit.sealed_log import (
    ANOTHER_KEY,
    BULK,
    MESSAGE,
    NAME,
    OTHER_KEY,
    SALT,
    SCHOOLS_KEY,
    item_document,
    items,
    sealed_log,
    words,
)
from tests.audit.verify_log import IN_ORDER, LOG, NOT_IN_ORDER, Keep, in_process, run


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LOG.proof(299), "entry 299, session.started at 2026-11-20T09:34:59.123Z,"),
        (LOG.proof(MESSAGE, message=words(MESSAGE), salt=SALT), "with the words of the message"),
        (LOG.proof(BULK, item=item_document(10)), "with item 10 of its 11"),
        (
            LOG.proof(BULK, item=item_document(4), message=words(4), salt=SALT),
            "with item 4 of its 11, with the words of the message",
        ),
    ],
)
def test_a_proof_is_in_order(text: str, said: str, keep: Keep) -> None:
    status, verdict = run("proof", keep(text), "--key", SCHOOLS_KEY)
    assert (status, verdict.count("\n")) == (IN_ORDER, 1)
    assert said in verdict
    assert f"is one of the 300 in the log {NAME}." in verdict


def test_what_is_proved_can_be_shown(keep: Keep) -> None:
    file = keep(LOG.proof(MESSAGE, message=words(MESSAGE), salt=SALT))
    status, verdict = run("proof", file, "--key", SCHOOLS_KEY, "--show")
    assert status == IN_ORDER
    assert 'Bus 2 at \\"three\\"\\n' in verdict
    assert "\u2028" not in verdict


def test_a_proof_with_anything_wrong_is_wrong(script: ModuleType, keep: Keep) -> None:
    proof = parse(LOG.proof(BULK, item=item_document(4), message=words(4), salt=SALT))
    text = compose(proof.index, proof.path, proof.note, proof.extra)
    other = base64.b64encode(bytes(32)).decode()
    last = parse(LOG.proof(299))
    item, first_item, last_item = (LOG.proof(BULK, item=item_document(at)) for at in (4, 0, 10))
    capitals = items()[4].commitment.hex().upper()
    first = base64.b64encode(proof.path[0]).decode()
    wrong = {
        "a hash": text.replace(base64.b64encode(proof.path[3]).decode(), other),
        "a hash too few": compose(proof.index, proof.path[1:], proof.note, proof.extra),
        "a hash too many": compose(proof.index, [*proof.path, bytes(32)], proof.note, proof.extra),
        "one too many below": compose(
            proof.index, [bytes(32), *proof.path], proof.note, proof.extra
        ),
        "the index": compose(6, proof.path, proof.note, proof.extra),
        "no such index": compose(300, proof.path, proof.note, proof.extra),
        "no such index, on the last's path": compose(300, last.path, last.note, last.extra),
        "a leading zero": text.replace("\nindex 5\n", "\nindex 05\n"),
        "loose bits": text.replace(first, f"{first[:-2]}{chr(ord(first[-2]) + 1)}="),
        "the signature": text.replace("\n300\n", "\n299\n"),
        "the checkpoint": compose(proof.index, proof.path, LOG.note(299), proof.extra),
        "the signer": compose(proof.index, proof.path, LOG.note(300, OTHER_KEY), proof.extra),
        "the entry": changed(text, lambda d: d["entry"].update(actor=None)),
        "the item": changed(text, lambda d: d["item"].update(version=2)),
        "the item's path": changed(text, lambda d: d["item"]["path"].pop()),
        "the item's count": changed(text, lambda d: d["item"].update(count=12)),
        "the item alone": changed(item, lambda d: d["item"].update(version=2)),
        "the item's subject": changed(item, lambda d: d["item"].update(subject=str(UUID(int=9)))),
        "the item's commitment": changed(item, lambda d: d["item"].update(commitment="00" * 32)),
        "the item's index": changed(item, lambda d: d["item"].update(index=5)),
        "no such item": changed(last_item, lambda d: d["item"].update(index=15)),
        "no such item either": changed(first_item, lambda d: d["item"].update(index=-1)),
        "one step too many": changed(item, lambda d: d["item"]["path"].insert(0, "00" * 32)),
        "capitals": changed(item, lambda d: d["item"].update(commitment=capitals)),
        "a short hash": changed(item, lambda d: d["item"].update(commitment=capitals.lower()[:-2])),
        "no item": changed(text, lambda d: d.pop("item")),
        "item of null": changed(text, lambda d: d.update(item=None)),
        "the words": changed(text, lambda d: d["message"].update(body="No bus")),
        "the salt": changed(text, lambda d: d.update(salt=bytes(32).hex())),
        "no salt": changed(text, lambda d: d.pop("salt")),
        "no message": changed(text, lambda d: d.pop("message")),
        "more": changed(text, lambda d: d.update(more=1)),
        "nothing": changed(text, dict.clear),
        "no extra": compose(proof.index, proof.path, proof.note),
        "not canonical": compose(proof.index, proof.path, proof.note, b" " + (proof.extra or b"")),
        "deep": compose(proof.index, proof.path, proof.note, b"[" * 100_000),
        "version": text.replace("@v1", "@v2"),
        "a checkpoint": proof.note,
        "empty": "",
    }
    verdicts = {what: in_process(script, *of(keep(file))) for what, file in wrong.items()}
    assert {status for status, _ in verdicts.values()} == {NOT_IN_ORDER}, verdicts
    assert all(said.startswith("WRONG: ") for _, said in verdicts.values())
    assert in_process(script, *of(keep(text)))[0] == IN_ORDER


@pytest.mark.parametrize("other", [{"id": UUID(int=5)}, {"version": 2}])
def test_words_of_another_message_than_the_entry_says_are_wrong(
    other: dict[str, Any], script: ModuleType, keep: Keep
) -> None:
    message = words(MESSAGE) | other
    log = sealed_log(20)
    facts = {**log.lines[MESSAGE].facts, "message_commitment": commitment(SALT, message)}
    log.lines[MESSAGE] = replace(log.lines[MESSAGE], facts=facts)
    file = keep(log.proof(MESSAGE, message=message, salt=SALT))
    status, verdict = in_process(script, *of(file))
    assert (status, "another message" in verdict) == (NOT_IN_ORDER, True)


def of(proof: Path) -> tuple[object, ...]:
    return "proof", proof, "--key", SCHOOLS_KEY


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (LOG.proof(3), ANOTHER_KEY, "not signed by the key"),
        (LOG.proof(3).replace("\n300\n", "\n301\n"), SCHOOLS_KEY, "was altered"),
        (LOG.proof(3, note=LOG.note(256)), SCHOOLS_KEY, "WRONG"),
        (changed(LOG.proof(3), lambda d: d["entry"].update(actor=None)), SCHOOLS_KEY, "not in the"),
    ],
)
def test_a_wrong_proof_has_its_exit_status(text: str, key: str, said: str, keep: Keep) -> None:
    status, verdict = run("proof", keep(text), "--key", key)
    assert (status, said in verdict) == (NOT_IN_ORDER, True)
