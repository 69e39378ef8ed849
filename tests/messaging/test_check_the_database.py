"""A bouncer that cannot keep a session is found before anybody relies on it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from psycopg.conninfo import make_conninfo

from messaging.checks import database_keeps_sessions
from messaging.live.line import conninfo
from tests.faults.bouncer import bouncer
from tests.faults.product import manage
from tests.faults.proxy import database_url, proxied_database

pytestmark = pytest.mark.django_db(transaction=True)

type Go = Callable[[str], None]


@pytest.fixture
def go_through(monkeypatch: pytest.MonkeyPatch) -> Go:
    """`go_through(host)`: the check meets the database there."""

    def go(host: str) -> None:
        through = make_conninfo(conninfo(), host=host)
        monkeypatch.setattr("messaging.checks.conninfo", lambda: through)

    return go


@pytest.fixture
def lending() -> Iterator[str]:
    """Where a bouncer is that lends out two connections by the transaction."""
    with bouncer(connections=2) as host:
        yield host


def _found() -> list[str | None]:
    return [found.id for found in database_keeps_sessions(databases=["default"])]


def test_the_server_itself_passes_quickly() -> None:
    began = time.monotonic()
    assert _found() == []
    assert time.monotonic() - began < 0.5
    call_command("check", databases=["default"])


def test_what_only_passes_on_passes(go_through: Go) -> None:
    with proxied_database() as proxied:
        go_through(proxied.host)
        assert _found() == []


def test_a_bouncer_that_lends_by_the_transaction_is_found(go_through: Go, lending: str) -> None:
    go_through(lending)
    numbers = sorted(str(found) for found in _found())
    assert numbers == ["messaging.E001", "messaging.E002", "messaging.E003", "messaging.E005"]
    with pytest.raises(SystemCheckError, match="pool_mode = session"):
        call_command("check", databases=["default"])


def test_a_bouncer_that_lends_by_turns_is_found(go_through: Go) -> None:
    with bouncer(by_turns=True) as host:
        go_through(host)
        assert "messaging.E001" in _found()


def test_a_bouncer_that_lends_its_only_connection_is_found(
    go_through: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.checks._PATIENCE_SECONDS", 0.5)
    with bouncer(connections=1) as host:
        go_through(host)
        assert "messaging.E004" in _found()


def test_without_a_database_to_ask_nothing_is_asked(go_through: Go) -> None:
    go_through("/nowhere")
    assert database_keeps_sessions() == []
    assert database_keeps_sessions(databases=[]) == []
    call_command("check")


def test_nothing_is_served_behind_such_a_bouncer(lending: str, tmp_path: Path) -> None:
    refused = manage(tmp_path, "serve", "--port", "0", DATABASE_URL=database_url(lending))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "messaging.E001" in refused.stderr
    assert "DATABASE_URL name PostgreSQL itself" in refused.stderr
