"""System check of the database roles: what keeps them from the log (docs/reference/roles.md).

`check --database default` asks as the web role, and every `migrate`, with which `serve` begins on a
server of one's own, as the owner. Each finding has the statement that puts it right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from schoolchat.database.bootstrap import OWNER, ROLES, SERVING, role_name

_HERE: Final = Path(__file__).parent
_RIGHTS: Final = (_HERE / "rights.sql").read_text()
_MEMBERSHIPS: Final = (_HERE / "memberships.sql").read_text()
_OWNED: Final = (_HERE / "owned.sql").read_text()
_ATTRIBUTES: Final = (_HERE / "attributes.sql").read_text()
_OWNERS: Final = (_HERE / "owners.sql").read_text()

_OWNERS_NAME: Final = role_name(OWNER)
_SEALER: Final = role_name("sealer")
_SERVING: Final = [role_name(role) for role in SERVING]
_OURS: Final = [role_name(role) for role in ROLES]
_DISPOSER: Final = frozenset({role_name("disposer")})
_BEHIND: Final = _DISPOSER | {role_name("worker")}
_WRITERS: Final = _BEHIND | {role_name("web")}
_BACKUP: Final = role_name("backup")
#: Who may do what to the log, beside reading it, and who may call what acts as the owner: nobody
#: may do anything else.
_MAY: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("audit_entry", "INSERT"): _WRITERS | {_BACKUP},
    ("audit_item", "INSERT"): _WRITERS,
    ("audit_leaf", "INSERT"): frozenset({_SEALER}),
    ("audit_tile", "INSERT"): frozenset({_SEALER}),
    ("audit_origin", "INSERT"): frozenset({_SEALER}),
    ("audit_checkpoint", "INSERT"): frozenset({_SEALER}),
    ("audit_unsealed", "DELETE"): frozenset({_SEALER}),
    ("FUNCTION retention_destroy", "EXECUTE"): _DISPOSER,
    ("FUNCTION retention_show_again", "EXECUTE"): frozenset(
        {role_name("web"), role_name("worker")}
    ),
    ("FUNCTION retention_take_out", "EXECUTE"): frozenset({role_name("web")}),
    ("FUNCTION search.make_month", "EXECUTE"): _WRITERS,
    ("FUNCTION search.open_month", "EXECUTE"): _WRITERS,
    ("FUNCTION search.retire_key", "EXECUTE"): _BEHIND,
    ("FUNCTION search.drop_month", "EXECUTE"): _BEHIND,
    ("FUNCTION search.flush_month", "EXECUTE"): _BEHIND,
    ("FUNCTION search.pack_month", "EXECUTE"): _BEHIND,
}
_LOG: Final = sorted({thing for thing, _ in _MAY if thing.startswith("audit_")})


@register(Tags.database)
def roles_are_kept_apart(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """No serving role can change the log, own anything, or become one that can."""
    if "default" not in (databases or ()):
        return []
    return list(_found())


def _found() -> Iterator[CheckMessage]:
    ((really, present),) = _rows("SELECT session_user::text, current_user::text")
    yield from _taken_for_another(really)
    yield from _attributes()
    yield from _memberships()
    yield from _owned()
    yield from _owned_by_others()
    yield from _rights(about_to_be_given=present == _OWNERS_NAME)


def _taken_for_another(really: str) -> Iterator[CheckMessage]:
    """All processes as one role: a bouncer that has one user for everybody."""
    wanted = connection.settings_dict["USER"]
    if really != wanted:
        why = f"The connection of {wanted} is taken for one of {really}: roles protect nothing."
        hint = "Let DATABASE_URL name PostgreSQL itself, or let the bouncer keep each user apart."
        yield Error(why, hint=hint, id="schoolchat.E001")


def _attributes() -> Iterator[CheckMessage]:
    found = dict(_rows(_ATTRIBUTES))
    if missing := [role for role in _OURS if role not in found]:
        why = f"There is no database role {', '.join(missing)}."
        yield Error(why, hint=_HINT_BOOTSTRAP, id="schoolchat.E002")
    for role, more in found.items():
        if more:
            hint = f"ALTER ROLE {role} {' '.join(f'NO{word}' for word in more)};"
            why = f"The database role {role} is more than it may be: {', '.join(more)}."
            yield Error(why, hint=hint, id="schoolchat.E003")


def _memberships() -> Iterator[CheckMessage]:
    for role, through, other in _rows(_MEMBERSHIPS):
        by = "" if other == through else f", as a member of {through}"
        yield Error(
            f"The database role {role} can become {other}{by}.",
            hint=f"REVOKE {through} FROM {role};",
            id="schoolchat.E004",
        )


def _owned() -> Iterator[CheckMessage]:
    for role, (first, *more) in _rows(_OWNED):
        others = f" and {len(more)} more" if more else ""
        yield Error(
            f"The database role {role} owns {first}{others}, and should own nothing.",
            hint=f"As a superuser: REASSIGN OWNED BY {role} TO {_OWNERS_NAME};",
            id="schoolchat.E005",
        )


def _owned_by_others() -> Iterator[CheckMessage]:
    for owner, tables in _rows(_OWNERS):
        others = f" and {len(tables) - 1} more" if tables[1:] else ""
        repairs = " ".join(f"ALTER TABLE {table} OWNER TO {_OWNERS_NAME};" for table in tables)
        yield Error(
            f"The owner of {tables[0]}{others} is {owner}, not {_OWNERS_NAME}.",
            hint=f"As a superuser: {repairs}",
            id="schoolchat.E006",
        )


def _rights(*, about_to_be_given: bool) -> Iterator[CheckMessage]:
    """Rights beyond the page's. What is granted to our roles themselves on tables is taken back and
    given anew by the migration that is about to run, and is left to it."""
    wrong: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for role, thing, right, holder in _rows(_RIGHTS):
        is_tables = " " not in thing and "." not in thing
        is_passing = about_to_be_given and holder == role and is_tables
        if not (_may(role, thing, right) or is_passing):
            wrong[thing, holder].append((role, right))
    for (thing, holder), found in wrong.items():
        yield _too_many(thing, holder, found)


def _may(role: str, thing: str, right: str) -> bool:
    word = right.partition(" ")[0]  # of some columns, as of all
    name = thing.partition("(")[0]  # of a function, whatever it takes
    return (thing in _LOG and word == "SELECT") or role in _MAY.get((name, word), ())


def _too_many(thing: str, holder: str, found: Iterable[tuple[str, str]]) -> CheckMessage:
    roles, rights = (", ".join(dict.fromkeys(part)) for part in zip(*found, strict=True))
    by = "" if holder == roles else f", which is granted to {holder}"
    return Error(
        f"The database role {roles} must not have {rights} on {thing}{by}.",
        hint=f"As {_OWNERS_NAME} or a superuser: REVOKE {rights} ON {thing} FROM {holder};",
        id="schoolchat.E007",
    )


def _rows(question: str) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "owner": _OWNERS_NAME,
        "sealer": _SEALER,
        "serving": _SERVING,
        "ours": _OURS,
        "log": _LOG,
        "tables": [*connection.introspection.django_table_names(), "django_migrations"],
    }
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


_HINT_BOOTSTRAP: Final = (
    "Run python -m schoolchat.database.bootstrap with the superuser's password, or make it by hand "
    "as docs/reference/roles.md says."
)
