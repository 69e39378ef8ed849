"""How much of the machine's memory the embedded server may take for its buffers."""

import os
from pathlib import Path
from typing import Final

LEAST_MB: Final = 256
MOST_MB: Final = 1024
#: Of the memory; the rest is for the web processes, and for the kernel, which buffers as well.
PART: Final = 16
#: What a container may have at most: bytes, or "max".
_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")


def buffers() -> str:
    """As PostgreSQL's `shared_buffers` has it: 256 MB on 4 GB and less, 1 GB from 16 GB on."""
    return f"{min(max(_memory_mb() // PART, LEAST_MB), MOST_MB)}MB"


def _memory_mb() -> int:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = int(_LIMIT.read_text())
    except (OSError, ValueError):
        limit = machine
    return min(machine, limit) // 2**20
