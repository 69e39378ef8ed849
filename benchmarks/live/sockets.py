"""Which of the server's processes each socket is connected to."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_TABLE: Final = Path("/proc/net/tcp")
_LOCAL, _REMOTE, _INODE = 1, 2, 9  # columns


def process_of_ports(web: Sequence[int], server_port: int) -> dict[int, int]:
    """For each client's port the position in `web` of the process that holds its socket."""
    owners = {inode: number for number, pid in enumerate(web) for inode in _sockets_of(pid)}
    found: dict[int, int] = {}
    for line in _TABLE.read_text().splitlines()[1:]:
        columns = line.split()
        if _port(columns[_LOCAL]) == server_port and columns[_INODE] in owners:
            found[_port(columns[_REMOTE])] = owners[columns[_INODE]]
    found.pop(0, None)  # the one that listens
    return found


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _sockets_of(pid: int) -> set[str]:
    """The inodes of a process's sockets, in decimal."""
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            found.add(str(entry.readlink()))
    return {link[8:-1] for link in found if link.startswith("socket:[")}
