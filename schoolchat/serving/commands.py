"""What happens before and around a management command."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from schoolchat.database.errors import SetUpError
from schoolchat.environment import text
from schoolchat.restore.places import sweep_drills
from schoolchat.serving.children import LAST
from schoolchat.serving.lifeline import TREE
from schoolchat.serving.parent import has_parent, live_with_parent
from schoolchat.serving.readiness import database_ready, use_embedded

USUAL_ROLE: Final = "web"

# Which database role a command connects as. A command that is not named here may do what the
# web process may, or what SCHOOLCHAT_DB_ROLE says.
COMMAND_ROLES: Final[Mapping[str, str]] = {
    "apply_retention": "disposer",
    "backup": "backup",
    "check": "web",
    "choose_presets": "web",
    "create_school": "owner",
    "create_token": "web",
    "export": "worker",
    "declare_restore": "owner",
    "fill_demo": "owner",
    "flush": "owner",
    "generate": "owner",
    "import_whatsapp": "worker",
    "makemigrations": "owner",
    "migrate": "owner",
    "procrastinate": "worker",
    "rebuild_search": "worker",
    "restore": "owner",
    "runserver": "web",
    "seal_log": "sealer",
    "serve": "web",
    "verify_audit": "worker",
}

# These ask the database nothing, or see to it themselves.
WITHOUT_DATABASE: Final = frozenset(
    {"check", "collectstatic", "compilemessages", "help", "makemessages", "serve", "version"}
    | {"benchmark", "diffsettings", "signing_key", "type_sheet", "verify_certificate"}
    | {"verify_export", "--help", "-h", "--version"}
)
# These come by often, and take away what drills that were killed have left.
SWEEPING: Final = frozenset({"backup", "procrastinate"})
# These give way to the chat that goes on meanwhile, and what they ask of PostgreSQL does.
IN_THE_BACKGROUND: Final = frozenset({"apply_retention"})
# These want the database as it is.
BEFORE_MIGRATION: Final = frozenset(
    {"dbshell", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}
)


def run_command(argv: Sequence[str]) -> int:
    """Run one command; the exit status. A refusal is one line on standard error and status 1."""
    live_with_parent()
    name = argv[1] if len(argv) > 1 else "help"
    signal.signal(signal.SIGTERM, _end_by_signal)  # so that what we hold is given back
    if name in SWEEPING:
        sweep_drills()
    try:
        with _database_for(name):
            if name in IN_THE_BACKGROUND:  # and not the server that is begun for it, and stays
                os.nice(LAST)
            _choose_role(name)
            _execute(argv)
    except SetUpError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _database_for(name: str) -> AbstractContextManager[object]:
    if name in WITHOUT_DATABASE or has_parent() or not use_embedded():
        return nullcontext()
    return database_ready(data_folder(), migrated=name not in BEFORE_MIGRATION)


def data_folder() -> Path:
    """As in the settings, which cannot be read yet: they want the role and its password."""
    return Path(text("SCHOOLCHAT_DATA", str(TREE / "var"))).resolve()


def _choose_role(name: str) -> None:
    if name in COMMAND_ROLES:
        os.environ["SCHOOLCHAT_DB_ROLE"] = COMMAND_ROLES[name]
    else:
        os.environ.setdefault("SCHOOLCHAT_DB_ROLE", USUAL_ROLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")


def _execute(argv: Sequence[str]) -> None:
    try:
        execute_from_command_line(list(argv))
    except ImproperlyConfigured as error:
        raise SetUpError(str(error)) from error
    except OperationalError as error:
        raise SetUpError(f"The database does not answer: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _refuse(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


def _end_by_signal(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
