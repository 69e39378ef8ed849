"""Work that nobody waits for gives way to work that somebody waits for."""

import contextlib
import os
from pathlib import Path

from django.db import connection


def let_database_give_way() -> None:
    """Let the process of PostgreSQL that serves this thread's connection give way to others as
    this thread does, where it is ours to say so: on this machine and of the same user.

    It stays so until the connection is closed. Elsewhere nothing is done.
    """
    connection.ensure_connection()
    backend, niceness = connection.connection.info.backend_pid, os.getpriority(os.PRIO_PROCESS, 0)
    if _serves_us(backend):
        with contextlib.suppress(OSError):
            niceness = max(niceness, os.getpriority(os.PRIO_PROCESS, backend))
            os.setpriority(os.PRIO_PROCESS, backend, niceness)


def _serves_us(backend: int) -> bool:
    """Whether it is that process: the number is of the server's machine, or of its container."""
    role = connection.connection.info.user
    try:
        named = Path(f"/proc/{backend}/cmdline").read_bytes()
    except OSError:
        return False
    return named.startswith(f"postgres: {role} ".encode())
