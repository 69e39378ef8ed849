"""docs/verify_log.py on checkpoints: it comes to the product's verdicts."""

import base64
from pathlib import Path
from types import ModuleType

import pytest

from audit.tree.notes import compose, signed
from tests.audit.sealed_log import KEY, NAME, OTHER_KEY, SCHOOLS_KEY
from tests.audit.verify_log import (
    IN_ORDER,
    LOG,
    NOT_CHECKED,
    NOT_IN_ORDER,
    NOTE,
    Keep,
    in_process,
    run,
)

TEXT = NOTE.partition("\n\n")[0] + "\n"
PUBLIC = KEY.public_key().public_bytes_raw()


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
        (compose(TEXT, NAME, PUBLIC, bytes(5)), "was altered"),
        (NOTE + compose(TEXT, NAME, PUBLIC, bytes(64)).partition("\n\n")[2], "was altered"),
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
