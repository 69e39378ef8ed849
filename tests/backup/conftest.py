"""Folders for backups, and a second installation on the same server that nobody has used."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from psycopg.conninfo import make_conninfo

from audit import keyring
from messaging.vault.keys import forget_ciphers
from schoolchat.database.embedded import EmbeddedPostgres
from tests.retention.conftest import at  # noqa: F401  (the clock of the past)

type Elsewhere = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where a school keeps its backups: rows and files, the keyring, and what stands outside."""

    rows: Path
    keys: Path
    journal: Path


@pytest.fixture
def places(tmp_path: Path) -> Places:
    journal = tmp_path / "journal"
    journal.mkdir()
    return Places(rows=tmp_path / "backups", keys=tmp_path / "keyrings", journal=journal)


def everything_in(*folders: Path) -> dict[Path, bytes]:
    """Every file below these folders, with its bytes."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files}


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[Elsewhere]:
    """`with elsewhere():` is an empty installation with this school's master key. Ask for it before
    anybody enters: it is a copy of the database as the migrations left it."""
    before = connection.settings_dict["NAME"]
    empty = f"{before}_elsewhere"
    data = tmp_path / "elsewhere"
    (data / "keys").mkdir(parents=True)
    shutil.copy(settings.MASTER_KEY_FILE, data / "keys" / "master.key")
    connection.close()
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{empty}"')
        server.execute(f'CREATE DATABASE "{empty}" TEMPLATE "{before}" OWNER schoolchat_owner')
    yield lambda: _moved(empty, data)
    connection.close()
    with _server() as server:
        server.execute(f'DROP DATABASE "{empty}" WITH (FORCE)')


def _server() -> psycopg.Connection:
    given = os.environ.get("SCHOOLCHAT_TEST_DATABASE_URL")
    conninfo = given or EmbeddedPostgres(settings.DATA_DIR).superuser_conninfo()
    return psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True)


@contextmanager
def _moved(database: str, data: Path) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    there = {
        "DATA_DIR": data,
        "KEYS_DIR": data / "keys",
        "MASTER_KEY_FILE": data / "keys" / "master.key",
        "FILES": replace(settings.FILES, place=data / "files"),
    }
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        with override_settings(**there):
            _forget()
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _forget()


def _forget() -> None:
    keyring.forget()
    forget_ciphers()
