"""Fixtures of the whole suite: the database roles, the cast, and a clean record for each test."""

import gc
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import pytest_django
from asgiref.sync import SyncToAsync
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from accounts.models import User
from audit import keyring
from audit.signed_head import head_file
from messaging.search import fence
from tests import cluster, records, roles
from tests.cast import enter
from tests.server import Server, serving


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end, and is not looked through again and
    again for what nobody holds, which took a twentieth of the time; nor is the rest so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test's body is the web process: its statements run as the web role."""
    with roles.acting_as(roles.chosen(item)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    """Every scene is set by the owner, also one that a body asks for: a transaction that another
    role began would at its end give the connection back to that role."""
    with roles.acting_as("owner"):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """A test that leaves another role behind fails itself, and not one that comes after it."""
    try:
        over = yield
    finally:
        left = roles.left_behind()
    assert not left, f"left behind: {left}"
    return over


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Where there is a database with its tables, the one of the tests is a copy of it."""
    if cluster.has_tables():
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = "schoolchat"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """Keep a copy of what the migrations put in, for the tests that commit."""
    with django_db_blocker.unblock():
        records.keep_seeds()
    setattr(TransactionTestCase, "_fixture_teardown", records.clean)  # noqa: B010


@pytest.fixture(autouse=True)
def _close_the_threads_connection() -> Iterator[None]:
    """What `sync_to_async` opened stays open in its thread. It would outlive the database; and a
    test without one would meet it, where Django asks whether it is still good."""
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@pytest.fixture(autouse=True)
def _nothing_signed_yet() -> None:
    """Each test's log is new: neither the signer nor the journal remembers one that was undone with
    a test."""
    head_file().unlink(missing_ok=True)
    shutil.rmtree(settings.DATA_DIR / "journal", ignore_errors=True)


@pytest.fixture
def as_role() -> Callable[[str], AbstractContextManager[None]]:
    """`with as_role("disposer"):` runs statements as another database role."""
    return roles.acting_as


@pytest.fixture
def movable_keyring(tmp_path: Path) -> Iterator[Path]:
    """The keyring's file, put back as it was when the test is over; yields a copy of it."""
    kept = tmp_path / "keyring.before.json"
    file = keyring.keyring_file()
    shutil.copy(file, kept)
    yield kept
    shutil.copy(kept, file)
    (settings.KEYS_DIR / "holder").unlink(missing_ok=True)
    keyring.forget()


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    """The product, served in a process of its own on the test's database."""
    with serving() as running:
        yield running


@pytest.fixture
def fence_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """No search is ended by its own time."""
    monkeypatch.setattr(fence, "GRACE_SECONDS", 600)


def _part(name: str) -> Callable[..., User]:
    @pytest.fixture(name=name)
    def person(db: None) -> User:
        return enter(name)

    return person


alice, bob, carol, dana, hari = (_part(n) for n in ("alice", "bob", "carol", "dana", "hari"))
priya, theo, gwen, helen, chris = (_part(n) for n in ("priya", "theo", "gwen", "helen", "chris"))
