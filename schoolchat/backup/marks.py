"""What tells a folder from a copy of it: what the file system gives and no program copies.

Whoever moves or renames the folder on its disk, mounts the disk elsewhere, or changes who may read
it, leaves that as it is. File systems that give other numbers each time they are mounted are told
by the path alone.
"""

import ctypes
import os
import struct
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")
#: Whose numbers do not last: sticks, what is mounted over programs (sshfs, rclone), and shares of
#: Windows and of most NAS, whose numbers may be made anew at each mount.
_PASSING: Final = ("vfat", "msdos", "exfat", "fuse.", "cifs", "smb", "9p")

# statx(2), for which Python has no name before 3.15.
_HERE, _BTIME, _BYTES, _BTIME_AT = -100, 0x800, 256, 80


def mark(folder: Path, name: str) -> str:
    """Of a folder, by it and a file in it; raises OSError."""
    own, file = folder.stat(), folder / name
    if _kind_of(own.st_dev).startswith(_PASSING):
        return str(folder.resolve())
    return f"{own.st_ino} {file.stat().st_ino} {_born(file)}"


def _born(file: Path) -> int:
    """When it was made, in nanoseconds; where that is not known, when it was changed."""
    buffer = ctypes.create_string_buffer(_BYTES)
    statx = getattr(ctypes.CDLL(None), "statx", None)
    if statx and statx(_HERE, os.fsencode(file), 0, _BTIME, buffer) == 0:
        (known,) = struct.unpack_from("I", buffer)
        if known & _BTIME:
            seconds, rest = struct.unpack_from("qI", buffer, _BTIME_AT)
            return int(seconds) * 1_000_000_000 + int(rest)
    return file.stat().st_ctime_ns


def _kind_of(device: int) -> str:
    """Of the file system with this number; "" where that is not known."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not on Linux
        return ""
    fields = next((one.split() for one in mounts if one.split()[2] == number), [])
    return fields[fields.index("-") + 1] if "-" in fields else ""
