"""What manage.py does around every command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from schoolchat.database.bootstrap import ROLES
from schoolchat.serving.commands import COMMAND_ROLES, WITHOUT_DATABASE
from schoolchat.serving.lifeline import TREE


def _run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TREE / "manage.py"), *arguments],
        env={**os.environ, **more},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_of_ours_says_which_role_it_is() -> None:
    files = TREE.glob("[a-z]*/management/commands/[a-z]*.py")
    assert {file.stem for file in files} <= COMMAND_ROLES.keys() | WITHOUT_DATABASE


def test_only_roles_that_are_made_are_named() -> None:
    assert set(COMMAND_ROLES.values()) <= set(ROLES)


def test_a_database_that_is_away_is_one_clear_line() -> None:
    refused = _run("migrate", DATABASE_URL="postgresql://127.0.0.1:1/schoolchat")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer: ")
    assert refused.stderr.count("\n") == 1


def test_a_data_folder_that_cannot_be_one_is_one_clear_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    refused = _run("migrate", SCHOOLCHAT_DATA=str(in_the_way / "data"))
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["help", "version"])
def test_what_asks_nothing_of_a_database_starts_none(tmp_path: Path, name: str) -> None:
    done = _run(name, SCHOOLCHAT_DATA=str(tmp_path / "data"))
    assert done.returncode == 0
    assert not (tmp_path / "data" / "postgres").exists()


def test_what_is_for_the_development_server_is_loaded_for_it_alone() -> None:
    ask = "import sys, django; django.setup(); print('daphne' in sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", ask], cwd=TREE, capture_output=True, text=True, check=True
    )
    assert shown.stdout == "False\n"
    assert "--noasgi" in _run("runserver", "--help").stdout  # which Django's own does not know
