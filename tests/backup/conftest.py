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

from accounts.models import User
from accounts.services.people import deactivate_person
from audit import keyring
from messaging.files.attached import attachments_in
from messaging.files.storing import bytes_of
from messaging.models import Message, MessageVersion
from messaging.vault.keys import forget_ciphers
from messaging.vault.versions import open_version
from retention.services.holds import release_hold
from schoolchat.database.embedded import EmbeddedPostgres
from tests.backup.lost import SURVIVES, YOUNG, Lost
from tests.retention.conftest import PAST, Clock, at  # noqa: F401  (the clock of the past)
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded

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
    yield from _installation("elsewhere", tmp_path)


@pytest.fixture
def elsewhere_again(transactional_db: None, tmp_path: Path) -> Iterator[Elsewhere]:
    """Another one."""
    yield from _installation("elsewhere_again", tmp_path)


def _installation(name: str, tmp_path: Path) -> Iterator[Elsewhere]:
    before = connection.settings_dict["NAME"]
    empty = f"{before}_{name}"
    data = tmp_path / name
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


@pytest.fixture
def lost(
    elsewhere: Elsewhere,
    elsewhere_again: Elsewhere,
    places: Places,
    at: Clock,  # noqa: F811
    alice: User,
    bob: User,
    carol: User,
    dana: User,
    hari: User,
    helen: User,
    theo: User,
) -> Lost:
    """Between its two backups two disposals were carried out; what the first one left was held."""
    school = Lost(places, acting_as)
    with override_settings(JOURNAL=places.journal):
        past = past_channel(at, alice, bob)
        loom = past_channel(at, alice, bob, name="Loom club")
        with at(PAST):
            upload = uploaded(bob, past, picture(), "pelican.png")
            survives = say(bob, past, SURVIVES, uploads=ids(upload))
        school.picture = _file_of(survives)
        say(alice, channel_of(alice, bob, name="Young"), YOUNG)
        kept = held(dana, channels=[loom])
        school.older = school.back_up()

        held(dana, people=[bob])
        deactivate_person(by=theo, person_id=carol.pk, reason=REASON)
        approved(hari, helen)
        school.dispose()
        release_hold(by=helen, number=kept.number, reason=REASON)
        approved(hari, helen)
        school.dispose()
        school.newer = school.back_up()
    return school


def _file_of(message: Message) -> bytes:
    """The bytes of the one file of a message."""
    version = MessageVersion.objects.select_related("message", "key").get(message=message)
    (file,) = attachments_in(open_version(version).details)
    return b"".join(bytes_of(file))
