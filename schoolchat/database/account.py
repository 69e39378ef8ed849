"""As whom PostgreSQL runs: it refuses root, and looks its user up by number."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schoolchat.database.errors import SetUpError


@dataclass(frozen=True, kw_only=True)
class Account:
    """A system user. `switch` is true when we are root and must become that user first."""

    name: str
    uid: int
    gid: int
    switch: bool

    @property
    def spawn(self) -> dict[str, Any]:
        """The arguments that make `subprocess` start a program as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    @property
    def owner(self) -> dict[str, int]:
        """The arguments that give a folder to this user."""
        return {"uid": self.uid, "gid": self.gid} if self.switch else {}


def server_account(state: Path) -> Account:
    """Ourselves, or for root, nobody; refused where the state folder is another user's.

    Root must not step in for another user: files that it leaves there would lock that user out.
    """
    uid = os.geteuid()
    if state.exists() and state.stat().st_uid != uid:
        raise SetUpError(
            f"The database in {state} belongs to the user {_name(state.stat().st_uid)}: start "
            "SchoolChat as that user, or name another folder in SCHOOLCHAT_DATA."
        )
    if uid:
        return account_of(uid, switch=False)
    try:
        return account_of(pwd.getpwnam("nobody").pw_uid, switch=True)
    except KeyError:
        raise SetUpError(
            "PostgreSQL does not run as root, and there is no user 'nobody' to run it as."
        ) from None


def account_of(uid: int, *, switch: bool) -> Account:
    """The user of that number; PostgreSQL wants it to have a name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise SetUpError(
            f"PostgreSQL cannot run as user number {uid}, which has no line in /etc/passwd: "
            "add one, or set DATABASE_URL to a server."
        ) from None
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid, switch=switch)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def may_enter(account: Account, folder: Path) -> bool:
    """Whether that user reaches the folder; asked of the kernel, which knows of ACLs too."""
    return _succeeds(account, "/bin/sh", "-c", 'cd "$1"', "sh", str(folder))


def may_run(account: Account, program: Path) -> bool:
    """Whether that user can start the program, its libraries included."""
    return _succeeds(account, str(program), "--version")


def _succeeds(account: Account, *command: str) -> bool:
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **account.spawn)
    except (PermissionError, FileNotFoundError):
        return False
    return done.returncode == 0
