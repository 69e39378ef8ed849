"""A PostgreSQL for the test run: `python -m pytest -p tests.cluster`.

It comes first, since Django's settings are read before any conftest. Tests run as the owner, who
may make the test database and become each other role; conftest.py steps down to the web role.
Where pytest-xdist hands the tests out, each of its workers has a data folder and a server of its
own, and the process that hands them out has a folder alone. These workers begin with copies of one
database that has its tables already (tests/ready.py), and so does every run that is told where to
find it: SCHOOLCHAT_TESTS_SHARED names a folder that several runs have between them.
A server of one's own is named by SCHOOLCHAT_TEST_DATABASE_URL, with a superuser in it.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from schoolchat.database.bootstrap import ROLES, ensure_roles_and_database
from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.passwords import kept_password
from tests.ready import SHARED, copy_ready

# A test's data need not outlive the machine.
QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # What was written before stands in no later file: some tests look through them all.
    "wal_recycle": "off",
    "wal_init_zero": "off",
    # A password of a test is worth no work, and each connection does it anew.
    "scram_iterations": "1",
}
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SCHOOLCHAT_MASTER_KEY", "SCHOOLCHAT_RATES")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start before pytest-django reads the settings."""
    _Cluster.current = _Cluster(hands_out=_hands_out(early_config))
    return (yield)


def _hands_out(early_config: pytest.Config) -> bool:
    """Whether this process runs no test itself; its workers are given the same arguments."""
    asked = getattr(early_config.known_args_namespace, "numprocesses", None)
    return bool(asked) and not _is_worker()


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def has_tables() -> bool:
    """Whether the server that was started has a database `schoolchat` with all its tables."""
    return _Cluster.current is not None and _Cluster.current.has_tables


def pytest_unconfigure() -> None:
    """Stop when everything else has ended."""
    if _Cluster.current is not None:
        _Cluster.current.close()
        _Cluster.current = None


class _Cluster:
    """A data folder of its own and the server in it, or the one that was named."""

    current: "_Cluster | None" = None

    def __init__(self, *, hands_out: bool) -> None:
        parent = os.environ.get("SCHOOLCHAT_DATA", "")
        self.data_dir = Path(tempfile.mkdtemp(prefix="schoolchat-tests-"))
        self.data_dir.chmod(0o711)
        (self.data_dir / "keys").mkdir(mode=0o700)
        self.server: EmbeddedPostgres | None = None
        _set_environment(self.data_dir)
        url = os.environ.get("SCHOOLCHAT_TEST_DATABASE_URL")
        self.has_tables = SHARED in os.environ and not (url or hands_out)
        os.environ.setdefault(SHARED, str(self.data_dir))
        if url and _is_worker():  # its roles have one password each, which are made already
            _use_server(url)
            shutil.copytree(_passwords(Path(parent)), _passwords(self.data_dir))
        elif url or not hands_out:
            conninfo = _use_server(url) if url else self._start_own()
            passwords = {role: kept_password(self.data_dir, role) for role in ROLES}
            ensure_roles_and_database(conninfo, passwords, for_tests=True)

    def _start_own(self) -> str:
        if self.has_tables:
            copy_ready(self.data_dir)
        self.server = EmbeddedPostgres(self.data_dir, settings=QUICK)
        self.server.start()
        return self.server.superuser_conninfo()

    def close(self) -> None:
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.data_dir)


def _passwords(data_dir: Path) -> Path:
    return data_dir / "keys" / "database"


def _set_environment(data_dir: Path) -> None:
    for name in [*os.environ]:
        if name in NOT_OURS or name.startswith("SCHOOLCHAT_DB_PASSWORD_"):
            del os.environ[name]
    os.environ["SCHOOLCHAT_DATA"] = str(data_dir)
    os.environ["SCHOOLCHAT_DB_ROLE"] = "owner"
    os.environ["SCHOOLCHAT_SECRET_KEY"] = secrets.token_urlsafe(50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")


def _use_server(url: str) -> str:
    parts = urlsplit(url)
    os.environ["DATABASE_URL"] = f"postgresql://{parts.hostname}:{parts.port or 5432}/schoolchat"
    return url
