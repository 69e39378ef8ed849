"""ejabberd, where it is installed: rooms with an archive, anonymous people, one Erlang node.

It is started without `ejabberdctl`, which would change the user. The archive is in Mnesia, which
does not wait for the disk, so that ejabberd has the easier task.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from benchmarks.live.school import Failed, Folder

LIBRARIES: Final = ("/usr/lib/*/ejabberd-*/ebin", "/usr/lib/erlang/lib/ejabberd-*/ebin")
_CONFIGURATION: Final = """
hosts: [localhost]
loglevel: error
auth_method: [anonymous]
allow_multiple_connections: true
anonymous_protocol: sasl_anon
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, shaper: none}}
modules:
  mod_mam: {{default: always, db_type: mnesia}}
  mod_muc:
    access: all
    access_create: all
    max_users: 5000
    history_size: 0
    default_room_options: {{mam: true, max_users: 5000, presence_broadcast: []}}
"""


def ejabberd_command(folder: Folder, port: int) -> tuple[list[str], dict[str, str]]:
    """How it is started, on an empty spool, and in which environment."""
    program, libraries = shutil.which("erl"), _libraries()
    if program is None or libraries is None:
        raise Failed("ejabberd is not installed (no `erl`, or no ejabberd among its libraries).")
    spool = folder.path / "ejabberd"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()
    configuration = spool / "ejabberd.yml"
    configuration.write_text(_CONFIGURATION.format(port=port))
    command = [program, "-noinput", "+K", "true", "+P", "250000"]
    command += ["-mnesia", "dir", f'"{spool}"', "-ejabberd", "config", f'"{configuration}"']
    command += ["log_path", f'"{spool}/ejabberd-node.log"', "-s", "ejabberd"]
    return command, {**os.environ, "ERL_LIBS": str(libraries), "ERL_CRASH_DUMP_SECONDS": "0"}


def _libraries() -> Path | None:
    """The folder in which ejabberd's own library stands; ERL_LIBS may name another."""
    told = os.environ.get("ERL_LIBS")
    patterns = (f"{told}/ejabberd-*/ebin",) if told else LIBRARIES
    for pattern in patterns:
        for found in sorted(Path("/").glob(pattern.lstrip("/"))):
            if (found / "ejabberd.app").exists():
                return found.parent.parent
    return None
