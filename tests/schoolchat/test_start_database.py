"""The embedded PostgreSQL: started, shared, killed, and left without a trace."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from schoolchat.database.account import account_of
from schoolchat.database.bootstrap import (
    ROLES,
    SERVING,
    bootstrap_embedded,
    ensure_roles_and_database,
    is_bootstrapped,
)
from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.errors import AlreadyServedError, SetUpError
from schoolchat.database.lease import TREE, Lease, leased
from schoolchat.database.passwords import kept_password, password_file
from schoolchat.database.place import ELSEWHERE, find_place

PATIENCE_SECONDS = 20.0


def _folder(mode: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="schoolchat-database-"))
    folder.chmod(mode)
    return folder


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder that the server's user may reach, made once for all tests here."""
    folder = _folder(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def closed_data() -> Iterator[Path]:
    """A data folder below one that only its owner may enter."""
    folder = _folder(0o700)
    yield folder / "data"
    state = find_place(folder / "data").state
    if state.is_relative_to(ELSEWHERE):
        shutil.rmtree(state)
    shutil.rmtree(folder)


def _postmaster(data: Path) -> int | None:
    try:
        text = (find_place(data).data / "postmaster.pid").read_text()
    except FileNotFoundError:
        return None
    return int(text.split()[0]) if text else None


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def _answers(server: EmbeddedPostgres) -> bool:
    try:
        psycopg.connect(server.superuser_conninfo()).close()
    except psycopg.OperationalError:
        return False
    return True


def _hold_elsewhere(data: Path) -> subprocess.Popen[str]:
    """Another process that holds a lease until it is killed."""
    script = (
        "import sys, time, pathlib\n"
        "from schoolchat.database.lease import leased\n"
        "with leased(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(600)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(data)], cwd=TREE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.stdout.close()
    return holder


def test_it_runs_while_it_is_needed_and_not_longer(data: Path) -> None:
    with leased(data) as lease:
        assert _answers(lease.server)
    assert not lease.server.running()
    assert _postmaster(data) is None


def test_two_holders_share_it_and_the_killed_one_does_not_take_it_along(data: Path) -> None:
    other = _hold_elsewhere(data)
    with leased(data) as lease:
        started_by_other = _postmaster(data)
        other.kill()
        other.wait()
        time.sleep(0.3)
        assert _answers(lease.server)
        assert _postmaster(data) == started_by_other
    assert _postmaster(data) is None


def test_nothing_is_left_when_its_only_holder_is_killed(data: Path) -> None:
    holder = _hold_elsewhere(data)
    holder.kill()
    holder.wait()
    _wait_until(lambda: _postmaster(data) is None)


def test_a_killed_server_is_started_again(data: Path) -> None:
    with leased(data) as lease:
        before = _postmaster(data)
        assert before is not None
        os.kill(before, signal.SIGKILL)
        _wait_until(lambda: _postmaster(data) not in {before, None} and _answers(lease.server))


def test_it_ends_with_its_keeper_and_the_lease_starts_both_again(data: Path) -> None:
    with leased(data) as lease:
        _kill_keeper(data)
        _wait_until(lambda: not lease.server.running())
        lease.ensure()
        assert _answers(lease.server)


def _kill_keeper(data: Path) -> None:
    postmaster = _postmaster(data)
    shown = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(postmaster)], capture_output=True, text=True, check=True
    )
    os.kill(int(shown.stdout), signal.SIGKILL)


def test_a_stale_process_number_does_not_keep_it_from_starting(data: Path) -> None:
    place = find_place(data)
    with leased(data):
        pass  # it has been made
    sleeper = subprocess.Popen(["sleep", "600"], **place.account.spawn)
    pid_file = place.data / "postmaster.pid"
    pid_file.write_text(f"{sleeper.pid}\n{place.data}\n1\n5432\n")
    if place.account.switch:
        os.chown(pid_file, place.account.uid, place.account.gid)
    try:
        with leased(data) as lease:
            assert _answers(lease.server)
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_second_server_on_the_same_data_is_refused(data: Path) -> None:
    with leased(data), pytest.raises(AlreadyServedError):
        EmbeddedPostgres(data).start()


def test_nobody_gets_in_without_the_password(data: Path) -> None:
    with leased(data) as lease:
        address = lease.server.address()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=address.host, port=address.port, user="postgres", password="guess")


def test_what_is_written_does_not_reach_the_log(data: Path) -> None:
    canary = "canary-of-the-server-log"
    with (
        leased(data) as lease,
        psycopg.connect(lease.server.superuser_conninfo(), autocommit=True) as connection,
    ):
        connection.execute("CREATE TEMP TABLE t (word text PRIMARY KEY, number int)")
        connection.execute("INSERT INTO t VALUES (%s, 1)", [canary])
        for wrong in ("INSERT INTO t VALUES (%s, 1)", "SELECT %s::int"):
            with pytest.raises(psycopg.Error):
                connection.execute(wrong, [canary])
        with pytest.raises(psycopg.Error):
            connection.execute(f"SELECT '{canary}'::int".encode())
    log = find_place(data).log.read_text()
    assert "ready to accept connections" in log
    assert canary not in log


def test_roles_are_made_once_and_may_do_little(data: Path) -> None:
    with leased(data) as lease:
        bootstrap_embedded(data)
        bootstrap_embedded(data)
        assert is_bootstrapped(data)
        ensure_roles_and_database(
            lease.server.superuser_conninfo(), {role: kept_password(data, role) for role in ROLES}
        )
        for role in ROLES:
            _check_role(lease, data, role)


def _check_role(lease: Lease, data: Path, role: str) -> None:
    address = lease.server.address()
    with psycopg.connect(
        host=address.host,
        port=address.port,
        user=f"schoolchat_{role}",
        password=kept_password(data, role),
        dbname="schoolchat",
        autocommit=True,
    ) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication, "
            "current_setting('synchronous_commit') FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, "on")
        if role in SERVING:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (number int)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TEMP TABLE mine (number int)")


def test_passwords_are_readable_by_nobody_else(data: Path) -> None:
    for role in (*ROLES, "superuser"):
        kept_password(data, role)
        assert stat.S_IMODE(password_file(data, role).stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700


def test_no_folder_is_opened_for_the_server(closed_data: Path) -> None:
    with leased(closed_data) as lease:
        assert _answers(lease.server)
        place = find_place(closed_data)
        assert place.state.is_relative_to(ELSEWHERE) == place.account.switch
    assert stat.S_IMODE(closed_data.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700


def test_a_copy_of_a_data_folder_never_shares_the_database(closed_data: Path) -> None:
    before = find_place(closed_data)
    copy = closed_data.with_name("copy")
    shutil.copytree(closed_data, copy, ignore=shutil.ignore_patterns("sock"))
    if before.state.is_relative_to(ELSEWHERE):
        with pytest.raises(SetUpError, match="is a copy of"):
            find_place(copy)
    else:
        assert find_place(copy).state == copy / "postgres"


def test_a_long_path_gets_a_short_socket() -> None:
    folder = _folder(0o711)
    data = folder / ("long" * 25) / "data"
    try:
        place = find_place(data)
        assert len(os.fsencode(place.sockets)) < 90
        with leased(data) as lease:
            assert _answers(lease.server)
    finally:
        shutil.rmtree(folder)
        inside = place.sockets.is_relative_to(ELSEWHERE)
        shutil.rmtree(place.sockets.parent if inside else place.sockets)


def test_a_user_without_a_name_is_told_so() -> None:
    with pytest.raises(SetUpError, match=r"user number 54321, which has no line in /etc/passwd"):
        account_of(54321, switch=False)
