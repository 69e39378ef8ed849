"""Where the state of the embedded PostgreSQL lies.

Usually `DATA/postgres`. Started by root below a folder that the server's user may not enter, it
lies under /var/lib/schoolchat instead, so that nobody's folder has to be opened for it.
"""

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schoolchat.database.account import Account, may_enter, server_account
from schoolchat.database.address import PORT, record_of
from schoolchat.database.errors import SetUpError
from schoolchat.database.folders import make_folder, write_private

ELSEWHERE: Final = Path("/var/lib/schoolchat")
SHORT_NAMES: Final = Path("/tmp")  # noqa: S108 - for sockets alone, and checked: _short_folder
OWNER_ALONE: Final = 0o700
LONGEST_SOCKET: Final = 100  # bytes; the kernel's limit is 104 or 108 with the final zero


@dataclass(frozen=True, kw_only=True)
class StateDirectory:
    """`state` holds all of it but, at times, the folder of its socket."""

    state: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.state / "data"

    @property
    def log(self) -> Path:
        """What the server says; never what anybody wrote."""
        return self.state / "postgres.log"


def find_place(data_dir: Path) -> StateDirectory:
    """The place on record, or a new one: its folders are made and it is put on record."""
    try:
        return _find(data_dir.resolve())
    except OSError as error:
        raise SetUpError(
            f"The data folder {data_dir} cannot be used: {error.strerror}: {error.filename}"
        ) from error


def _find(data_dir: Path) -> StateDirectory:
    record = record_of(data_dir)
    if not record.exists():
        make_folder(data_dir, mode=0o711 if os.geteuid() == 0 else 0o700)
        return _lay(data_dir, _new_state(data_dir))
    recorded = json.loads(record.read_text())
    if recorded["data"] == str(data_dir):
        return _lay(data_dir, Path(recorded["state"]))
    return _lay(data_dir, _state_after_move(recorded, data_dir))


def _new_state(data_dir: Path) -> Path:
    inside = data_dir / "postgres"
    make_folder(inside, mode=0o711 if os.geteuid() == 0 else 0o700)
    account = server_account(inside)
    if not account.switch or may_enter(account, inside):
        return inside
    return _unused(ELSEWHERE / _digest(data_dir))


def _unused(folder: Path) -> Path:
    """A folder of this name without data: a data folder that was thrown away leaves its state."""
    number = 1
    found = folder
    while (found / "data").exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


def _state_after_move(recorded: dict[str, str], data_dir: Path) -> Path:
    """The data folder was moved (its state comes with it, or is taken over) or copied (refused)."""
    before = Path(recorded["data"])
    state = Path(recorded["state"])
    if state == before / "postgres":
        return data_dir / "postgres"
    if record_of(before).exists():
        raise SetUpError(
            f"{data_dir} is a copy of {before}, whose database lies in {state}: two folders "
            "cannot share it. Use 'backup' and 'restore' to copy a school."
        )
    return state


def _lay(data_dir: Path, state: Path) -> StateDirectory:
    account = server_account(state)
    make_folder(state, mode=0o711 if account.switch else 0o700)
    if account.switch and not may_enter(account, state):
        raise SetUpError(f"The user {account.name}, as whom PostgreSQL runs, cannot enter {state}.")
    sockets = _socket_folder(data_dir, state, account)
    place = StateDirectory(state=state, sockets=sockets, account=account)
    _put_on_record(data_dir, place)
    return place


def _put_on_record(data_dir: Path, place: StateDirectory) -> None:
    record = record_of(data_dir)
    content = json.dumps(
        {"data": str(data_dir), "state": str(place.state), "sockets": str(place.sockets)}
    )
    if not record.exists() or record.read_text() != content:
        write_private(record, content)


def _socket_folder(data_dir: Path, state: Path, account: Account) -> Path:
    folder = state / "sock"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) >= LONGEST_SOCKET:
        folder = _short_folder(data_dir, account)
    make_folder(folder, mode=0o711 if account.switch else 0o700, **account.owner)
    return folder


def _short_folder(data_dir: Path, account: Account) -> Path:
    """A folder with a short name; in /tmp it must be ours alone, since anybody may make one."""
    if account.switch:
        make_folder(ELSEWHERE / _digest(data_dir), mode=0o711)
        return ELSEWHERE / _digest(data_dir) / "sock"
    folder = SHORT_NAMES / f"schoolchat-{account.uid}-{_digest(data_dir)}"
    if os.path.lexists(folder):
        found = folder.lstat()
        if found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != OWNER_ALONE:
            raise SetUpError(f"{folder} belongs to somebody else; remove it and start again.")
    return folder


def _digest(data_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
