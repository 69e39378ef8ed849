"""How to check the log oneself: for everybody who is signed in, and it works as it says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.checkpoints import note_of, verifier_key
from audit.models import Entry
from audit.signing import sign_checkpoint
from tests.cast import client_of

PAGE = "/audit/how-to-check/"
_COMMAND = re.compile(r"python3 (verify_log\.py [^<\n]+)")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "carol", "theo", "gwen", "dana"])
def test_everybody_reads_it_without_a_second_factor(
    name: str, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(name), second_factor=False)
    before = Entry.objects.count()

    page = client.get(PAGE)
    script = client.get(f"{PAGE}verify_log.py")

    assert page.status_code == 200
    assert verifier_key() in page.content.decode()
    assert script.status_code == 200
    assert script.content.startswith(b"#!/usr/bin/env python3")
    assert Entry.objects.count() == before


def test_strangers_sign_in_first(db: None) -> None:
    for address in (PAGE, f"{PAGE}verify_log.py"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")


def test_nothing_else_of_the_log_is_open_with_it(alice: User) -> None:
    for address in ("/audit/", "/audit/how-to-checkpoints/", "/audit/how-to-check"):
        assert client_of(alice).get(address).status_code in {301, 404}


def test_the_commands_on_the_page_work(
    gwen: User, tmp_path: Path, year_5: Any, as_role: Any
) -> None:
    with as_role("sealer"):
        checkpoint = sign_checkpoint()
    assert checkpoint is not None
    browser = client_of(gwen)
    entry = Entry.objects.earliest("id")
    proof = browser.get(f"/audit/entries/{entry.id}/entry.tlog-proof").content
    (tmp_path / "verify_log.py").write_bytes(browser.get(f"{PAGE}verify_log.py").content)
    (tmp_path / "old.txt").write_text(note_of(checkpoint))
    (tmp_path / "entry.tlog-proof").write_bytes(proof)
    page = browser.get(PAGE).content.decode().replace("&#x27;", "'")
    commands = [one for one in _COMMAND.findall(page) if "consistency" not in one]

    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(  # noqa: S602  (as a shell would be given it)
            f"{sys.executable} {command}",
            shell=True,
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout[:3]) == (0, b"OK:"), done
