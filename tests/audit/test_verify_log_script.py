"""docs/verify_log.py, which shares nothing with the product, comes to the same verdicts."""

import ast
import base64
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.canonical import canonical, commitment
from audit.tree.notes import compose as compose_note
from audit.tree.notes import signed
from audit.tree.proof_file import compose, parse
from audit.tree.tiles import parse_tile_path
from tests.audit.by_definition import numbered
from tests.audit.sealed_log import (
    ANOTHER_KEY,
    BULK,
    KEY,
    MESSAGE,
    NAME,
    OTHER_KEY,
    SALT,
    SCHOOLS_KEY,
    SealedLog,
    item_document,
    items,
    line,
    sealed_log,
    words,
)

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_log.py"
IN_ORDER, NOT_IN_ORDER, NOT_CHECKED = 0, 1, 2
LOG = sealed_log(300)
NOTE = LOG.note(300)
TEXT = NOTE.partition("\n\n")[0] + "\n"
PUBLIC = KEY.public_key().public_bytes_raw()
TREE = numbered(5_000)

Verdict = tuple[int, str]


def run(*arguments: object, path: str = os.environ["PATH"]) -> Verdict:
    """Exit status and output, by a Python that has its standard library and nothing else."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", SCRIPT, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={"PATH": path},
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a text to a file of its own."""

    def write(text: str | bytes) -> Path:
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.txt"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write


Keep = Callable[[str | bytes], Path]
Compare = Callable[[Path | str, str, str], Verdict]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script as a module, for what would take too many processes."""
    spec = importlib.util.spec_from_file_location("verify_log", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_process(script: ModuleType, *arguments: object) -> Verdict:
    """The same without a process of its own, though openssl has one."""
    written = bytearray()

    class Output:
        encoding = "utf-8"
        buffer = type("Buffer", (), {"write": staticmethod(written.extend)})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["verify_log.py", *map(str, arguments)])
        patch.setattr(sys, "stdout", Output)
        status = script.main()
    return status, written.decode()


def changed(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    proof = parse(text)
    document = orjson.loads(proof.extra or b"")
    change(document)
    return compose(proof.index, proof.path, proof.note, canonical(document))


# What it is made of


def test_it_needs_nothing_but_the_standard_library_of_python_3_9() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 9))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [
        node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in found
    ]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(SCRIPT.read_text().splitlines()) < 300


# Checkpoints


def test_a_checkpoint_of_the_school_is_in_order(keep: Keep) -> None:
    status, said = run("checkpoint", keep(NOTE), "--key", SCHOOLS_KEY)
    assert (status, said.count("\n")) == (IN_ORDER, 1)
    assert said.startswith(f"OK: the log {NAME} had 300 entries then, and the root ")


def test_a_checkpoint_that_went_by_mail_is_in_order(keep: Keep) -> None:
    file = keep(b"\xef\xbb\xbf" + NOTE.replace("\n", "\r\n").encode())
    assert run("checkpoint", file, "--key", SCHOOLS_KEY)[0] == IN_ORDER


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NOTE.replace("\n300\n", "\n301\n"), "was altered"),
        (NOTE[:-9] + ("A" if NOTE[-9] != "A" else "B") + NOTE[-8:], "was altered"),
        (LOG.note(300, OTHER_KEY), "not signed by the key"),
        (LOG.note(300, name="schoolchat/other"), "not signed by the key"),
        (NOTE.partition("\n\n")[0] + "\n", "not a checkpoint"),
        ("Dear governors,\n\nall is well.\n", "not a checkpoint"),
        (b"\x89PNG\xff", "not written as"),
        ("", "not a checkpoint"),
        (NOTE.replace(NAME, f"{NAME}\t", 1), "odd characters"),
        ("x" * (1 << 21), "too long"),
        (NOTE.replace("—", "-"), "no signature"),
        (NOTE + "—  AAAAAAAA\n", "no signature"),
        (NOTE + "— other AAAA\n", "no signature"),
        (NOTE + "— other AAAAAAA\n", "not written as"),
        (NOTE + "— other AAAAAAB=\n", "not complete"),
        (compose_note(TEXT, NAME, PUBLIC, bytes(5)), "was altered"),
        (NOTE + compose_note(TEXT, NAME, PUBLIC, bytes(64)).partition("\n\n")[2], "was altered"),
        (signed(TEXT.replace(NAME, "schoolchat/other"), NAME, KEY), "of another log"),
        (signed(TEXT.replace("300", "0300"), NAME, KEY), "number is not"),
        (signed(TEXT.replace("300", "-300"), NAME, KEY), "number is not"),
        (signed(f"{TEXT}\nmore\n", NAME, KEY), "not a checkpoint"),
        (signed(f"{NAME}\n300\nAAAA\n", NAME, KEY), "no hash"),
        (signed(f"{NAME}\n300\n", NAME, KEY), "not a checkpoint"),
    ],
)
def test_a_checkpoint_that_is_not_the_schools_is_wrong(
    text: str | bytes, said: str, keep: Keep, script: ModuleType
) -> None:
    status, verdict = in_process(script, "checkpoint", keep(text), "--key", SCHOOLS_KEY)
    assert status == NOT_IN_ORDER
    assert verdict.startswith("WRONG: ")
    assert said in verdict


@pytest.mark.parametrize(
    "key",
    [
        "",
        "key",
        SCHOOLS_KEY[:-1],
        SCHOOLS_KEY.replace("schoolchat", "school"),
        "a+b+c",
        # Another type of key, and one with a byte too many: their ids are right.
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        f"name+10f63962+{base64.b64encode(bytes([1]) * 34).decode()}",
    ],
)
def test_a_key_that_was_copied_wrongly_is_named(key: str, keep: Keep, script: ModuleType) -> None:
    status, verdict = in_process(script, "checkpoint", keep(NOTE), f"--key={key}")
    assert status == NOT_CHECKED
    assert verdict.startswith("NOT CHECKED: The key ")


def test_without_the_file_or_openssl_nothing_is_checked(keep: Keep, tmp_path: Path) -> None:
    status, verdict = run("checkpoint", tmp_path / "none.txt", "--key", SCHOOLS_KEY)
    assert (status, "cannot be read" in verdict) == (NOT_CHECKED, True)
    status, verdict = run("checkpoint", keep(NOTE), "--key", SCHOOLS_KEY, path=str(tmp_path))
    assert (status, "openssl" in verdict) == (NOT_CHECKED, True)
    older = tmp_path / "openssl"
    older.write_text("#!/bin/sh\necho 'pkeyutl: Unrecognized flag rawin' >&2\nexit 1\n")
    older.chmod(0o755)
    status, verdict = run("checkpoint", keep(NOTE), "--key", SCHOOLS_KEY, path=str(tmp_path))
    assert (status, "version 3 is needed" in verdict) == (NOT_CHECKED, True)


# Proofs


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


# Consistency


@pytest.fixture
def compare(keep: Keep, script: ModuleType) -> Compare:
    """`consistency` of an old and a new checkpoint with the log's tiles."""

    def run_it(log: Path | str, old: str, new: str) -> Verdict:
        files = keep(old), keep(new)
        return in_process(script, "consistency", *files, "--key", SCHOOLS_KEY, "--log", log)

    return run_it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log's tiles as files, at its size of 300."""
    made = tmp_path_factory.mktemp("log")
    LOG.write_tiles(made, 300)
    return made


def rewritten() -> SealedLog:
    """The log with one entry changed, sealed again from there and signed with the school's key."""
    log = sealed_log(300)
    log.lines[17] = line(17, "session.ended", None)
    return log


@pytest.mark.parametrize("old", [0, 1, 255, 256, 257, 300])
def test_a_log_that_only_grew_is_in_order(old: int, folder: Path, compare: Compare) -> None:
    status, verdict = compare(folder, LOG.note(old), NOTE)
    assert (status, verdict.count("\n")) == (IN_ORDER, 1)
    assert f"the {old} entries of the old checkpoint stand unchanged among the 300" in verdict


def test_a_log_that_was_rewritten_is_wrong(compare: Compare, tmp_path: Path) -> None:
    log = rewritten()
    log.write_tiles(tmp_path / "log", 300)
    status, verdict = compare(tmp_path / "log", LOG.note(100), log.note(300))
    assert (status, "first 100 entries were changed" in verdict) == (NOT_IN_ORDER, True)
    assert compare(tmp_path / "log", LOG.note(17), log.note(300))[0] == IN_ORDER


def test_a_log_that_shows_old_tiles_below_new_ones_is_wrong(
    compare: Compare, folder: Path, tmp_path: Path
) -> None:
    """The tiles at level 0 are those of the old history, the tile above is that of the new."""
    log = rewritten()
    log.write_tiles(tmp_path / "log", 300)
    for file in (folder / "tile" / "0").rglob("*"):
        if file.is_file():
            below = tmp_path / "log" / "tile" / "0" / file.relative_to(folder / "tile" / "0")
            below.write_bytes(file.read_bytes())
    for old in (100, 256, 257):
        assert compare(tmp_path / "log", LOG.note(old), log.note(300))[0] == NOT_IN_ORDER


def test_two_histories_of_one_size_are_wrong(compare: Compare, folder: Path) -> None:
    status, verdict = compare(folder, rewritten().note(300), NOTE)
    assert (status, "were changed" in verdict) == (NOT_IN_ORDER, True)


def test_a_log_that_was_rolled_back_is_wrong(keep: Keep, folder: Path) -> None:
    files = keep(NOTE), keep(LOG.note(299))
    status, verdict = run("consistency", *files, "--key", SCHOOLS_KEY, "--log", folder)
    assert (status, "rolled back" in verdict) == (NOT_IN_ORDER, True)
    status, verdict = run("consistency", *files[::-1], "--key", SCHOOLS_KEY, "--log", folder)
    assert (status, verdict.count("\n")) == (IN_ORDER, 1)


def test_a_swapped_checkpoint_is_wrong(compare: Compare, folder: Path) -> None:
    status, verdict = compare(folder, LOG.note(100, OTHER_KEY), NOTE)
    assert (status, "not signed by" in verdict) == (NOT_IN_ORDER, True)
    status, verdict = compare(folder, LOG.note(100), rewritten().note(300))
    assert (status, "not those of the new checkpoint" in verdict) == (NOT_IN_ORDER, True)


def test_a_log_without_the_tiles_is_not_checked(compare: Compare, tmp_path: Path) -> None:
    status, verdict = compare(tmp_path / "none", LOG.note(100), NOTE)
    assert (status, "does not give its tile/" in verdict) == (NOT_CHECKED, True)


def test_the_full_tile_serves_where_the_partial_one_is_gone(compare: Compare, folder: Path) -> None:
    assert compare(folder, LOG.note(7), LOG.note(200))[0] == IN_ORDER


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_tiles_are_read_from_an_address(compare: Compare, folder: Path) -> None:
    with served(folder.parent) as address:
        log = f"{address}/{folder.name}"
        assert compare(f"{log}/", LOG.note(100), NOTE)[0] == IN_ORDER
        assert compare(f"{log}x", LOG.note(100), NOTE)[0] == NOT_CHECKED
    status, verdict = compare(log, LOG.note(100), NOTE)
    assert (status, "cannot be read" in verdict) == (NOT_CHECKED, True)


@pytest.mark.parametrize(
    "arguments",
    [[], ["proof"], ["seal", "x"], ["consistency", "x", "y"], ["proof", "x", "y"]],
)
def test_a_command_that_is_not_understood_is_not_checked(arguments: list[str]) -> None:
    assert run(*arguments, "--key", SCHOOLS_KEY) == (NOT_CHECKED, ""), "the usage stands in stderr"


# Its arithmetic, against the definition


@cache
def read(size: int, level: int, index: int) -> bytes:
    return TREE.tile(level, index, min(256, size // 256**level - index * 256))


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_its_arithmetic_is_that_of_the_definition(script: ModuleType, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5_000))
    old = data.draw(st.integers(1, size))
    asked: set[tuple[int, int]] = set()

    def tile(level: int, index: int) -> bytes:
        asked.add((level, index))
        return read(size, level, index)

    assert script._roots(tile, 0, old, size) == (TREE.mth(0, old), TREE.mth(0, size))
    assert len(asked) <= 4, "two tiles at the edges, and what is above them"
    leaf = TREE.mth(old - 1, old)
    path = TREE.path(old - 1, 0, size)
    assert script._root_by_path(leaf, old - 1, size, path) == TREE.mth(0, size)


def test_it_names_tiles_as_the_specification_does(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetch(log: str, name: str) -> bytes:
        asked.append(name)
        return b""

    monkeypatch.setattr(script, "_fetch", fetch)
    for size in (1_234_067 * 256 + 5, 1_234_068 * 256, 5):
        with pytest.raises(Exception, match="does not give"):
            script._read_tile("log", size, 0, (size - 1) // 256)
    assert asked == [
        "tile/0/x001/x234/067.p/5", "tile/0/x001/x234/067", "tile/0/x001/x234/067",
        "tile/0/000.p/5", "tile/0/000",
    ]  # fmt: skip
    assert all(parse_tile_path(name) for name in asked)
