"""System check of the server's log: nothing that a person wrote may get into it.

Statements carry sealed bodies and keyed tokens, but also what is not secret inside the database,
such as people's names. `check --database default` and every `migrate` look at the settings that a
connection of ours has.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core import checks
from django.db import connection

#: What a setting may be, as the server shows it; the first is what it should be set to.
_MAY_BE: Final[Mapping[str, tuple[str, ...]]] = {
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_min_error_statement": ("panic", "fatal"),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
}
#: Without these no statement is logged at all, and then no parameter of one.
_OF_STATEMENTS: Final = (
    "log_statement",
    "log_min_duration_statement",
    "log_min_duration_sample",
    "log_transaction_sample_rate",
)
_SHOW: Final = "SELECT name, setting FROM pg_settings WHERE name = ANY (%s)"


@checks.register(checks.Tags.database)
def nothing_written_is_logged(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """The server's log gets neither statements nor what is handed over beside them."""
    if "default" not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SHOW, [list(_MAY_BE)])
        wrong = {name: value for name, value in cursor.fetchall() if value not in _MAY_BE[name]}
    if not any(name in wrong for name in _OF_STATEMENTS):
        wrong.pop("log_parameter_max_length", None)
    return [_finding(name, value) for name, value in sorted(wrong.items())]


def _finding(name: str, value: str) -> checks.CheckMessage:
    return checks.Warning(
        f"PostgreSQL's setting {name} is {value}: what people write gets into the server's log.",
        hint=f"As a superuser: ALTER DATABASE {connection.settings_dict['NAME']} "
        f"SET {name} = '{_MAY_BE[name][0]}'; then connect anew.",
        id="schoolchat.W001",
    )
