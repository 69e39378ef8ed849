"""A start says each warning once, and a school can decide that it need not be said."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings

from schoolchat.management.commands import serve
from schoolchat.quiet import quiet_checks
from schoolchat.serving.lifeline import TREE

_SAID = "Files that people send are not scanned for viruses."


@pytest.fixture(autouse=True)
def _nothing_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLCHAT_QUIET", "")


def _files(*, decided: bool) -> override_settings:
    return override_settings(FILES=replace(settings.FILES, scanner="off", decided=decided))


def test_it_is_said_once_and_the_processes_that_are_started_know_it() -> None:
    with _files(decided=False):
        remarks = serve._check()
    assert [one for one in remarks if _SAID in one] != []
    assert "messaging.W001" in quiet_checks()
    child = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "files"],
        cwd=TREE,
        env={name: value for name, value in os.environ.items() if name != "SCHOOLCHAT_SCANNER"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert _SAID not in child.stdout + child.stderr


def test_off_is_a_decision() -> None:
    with _files(decided=True):
        remarks = serve._check()
    assert [one for one in remarks if _SAID in one] == []
    assert "messaging.W001" not in quiet_checks()


def test_errors_are_never_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLCHAT_QUIET", "messaging.E007 messaging.W001")
    assert quiet_checks() == ["messaging.W001"]
