"""The embedded database, running, with its roles and up to date."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from schoolchat.database.bootstrap import is_bootstrapped
from schoolchat.database.errors import SetUpError
from schoolchat.database.folders import FileLock, write_private
from schoolchat.database.lease import Lease, leased
from schoolchat.database.place import find_place
from schoolchat.environment import text
from schoolchat.serving.lifeline import TREE, lifeline


def use_embedded() -> bool:
    """Whether there is no DATABASE_URL, so that we run the server ourselves."""
    return not text("DATABASE_URL", "")


@contextmanager
def database_ready(data_dir: Path, *, migrated: bool = True) -> Iterator[Lease]:
    """The embedded server of `data_dir` runs inside this block, with roles and tables."""
    with leased(data_dir) as lease:
        state = find_place(data_dir).state
        lock = FileLock(state / "set-up.lock")
        lock.wait()  # two commands on a new data folder make it one after the other
        try:
            _bootstrap(data_dir)
            if migrated:
                _migrate_once(state / "migrations.stamp")
        finally:
            lock.close()
        yield lease


def _bootstrap(data_dir: Path) -> None:
    """In a child: the superuser's password stays out of this process."""
    if not is_bootstrapped(data_dir):
        command = ["-m", "schoolchat.database.bootstrap", str(data_dir)]
        _run_child(command, role=None, failure="The database's roles could not be made.")


def _migrate_once(stamp: Path) -> None:
    version = _migrations_version()
    if not stamp.exists() or stamp.read_text() != version:
        migrate()
        write_private(stamp, version)


def migrate() -> None:
    """Bring the tables up to date as their owner, in a child, which takes the password with it."""
    _run_child(
        ["manage.py", "migrate", "--no-input", "--verbosity=0"],
        role="owner",
        failure="The database could not be brought up to date; the lines above say why.",
    )


def _run_child(command: Sequence[str], *, role: str | None, failure: str) -> None:
    with lifeline() as line:
        if line.start(command, role=role).wait():
            raise SetUpError(failure)


def _migrations_version() -> str:
    """A digest of everything that decides what `migrate` would do."""
    digest = hashlib.sha256()
    for path in _migration_sources():
        digest.update(f"{path.relative_to(TREE)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _migration_sources() -> list[Path]:
    """Our migrations, our SQL, and the pins of other apps."""
    found = [*TREE.glob("*/migrations/*.py"), *TREE.glob("*/sql/*.sql")]
    found += TREE.glob("schoolchat/**/*.sql")
    found += TREE.glob("requirements*.txt")
    return sorted(set(found))
