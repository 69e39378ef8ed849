"""Roles and the database, made by the superuser. What each role may do is in grants.sql.

`python -m schoolchat.database.bootstrap DATA` does it for the embedded server, in a process of its
own, so that the superuser's password is never in the memory of one that serves. Without DATA it
does it for the server of DATABASE_URL, with the passwords that SCHOOLCHAT_DB_PASSWORD_SUPERUSER
and the like, or files named by them with _FILE, give.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from schoolchat.database.address import PORT
from schoolchat.database.embedded import EmbeddedPostgres
from schoolchat.database.errors import SetUpError
from schoolchat.database.folders import write_private
from schoolchat.database.passwords import SUPERUSER, kept_password
from schoolchat.database.place import find_place
from schoolchat.environment import text

DATABASE: Final = "schoolchat"
OWNER: Final = "owner"
SERVING: Final = ("web", "worker", "sealer", "disposer", "backup")
ROLES: Final = (OWNER, *SERVING)
OLDEST_SERVER: Final = 150000
SET_WITHOUT_INHERIT: Final = 160000  # GRANT … WITH INHERIT FALSE came with PostgreSQL 16

# An act that waits longer than this has gone wrong, and would hold up everybody behind it.
LIMITS: Final[Mapping[str, Mapping[str, str]]] = {
    "owner": {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "10min"},
    "web": {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s"},
    "worker": {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "5min"},
    "sealer": {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
    "disposer": {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "5min"},
    "backup": {"lock_timeout": "60s", "idle_in_transaction_session_timeout": "0"},
}


def role_name(role: str) -> str:
    """The role's name in PostgreSQL."""
    return f"schoolchat_{role}"


def ensure_roles_and_database(
    superuser_conninfo: str, passwords: Mapping[str, str], *, for_tests: bool = False
) -> None:
    """Make, or put right, the roles and the empty database; safe to repeat.

    `passwords` names all of ROLES. With `for_tests` the owner may make databases and may become
    each other role, as the test suite does.
    """
    with psycopg.connect(superuser_conninfo, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise SetUpError("SchoolChat needs PostgreSQL 15 or later.")
        _ensure_roles(connection, passwords)
        if for_tests:
            _let_owner_test(connection)
        _ensure_database(connection)
    with psycopg.connect(
        make_conninfo(superuser_conninfo, dbname=DATABASE), autocommit=True
    ) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _ensure_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    known = _names(connection, "SELECT rolname FROM pg_roles")
    for role in ROLES:
        verb = "ALTER" if role_name(role) in known else "CREATE"
        connection.execute(
            sql.SQL(
                "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
            ).format(sql.SQL(verb), _identifier(role))
        )
        _set_password(connection, role, passwords[role])
        _set_limits(connection, role)


def _set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """As a SCRAM verifier made here, so that the password itself is in no statement."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role_name(role).encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(_identifier(role), verifier.decode())
    )


def _set_limits(connection: psycopg.Connection, role: str) -> None:
    # 'sent' means stored: no role may answer before the commit is on disk.
    for name, value in {"synchronous_commit": "on", **LIMITS[role]}.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} TO {}").format(
                _identifier(role), sql.Identifier(name), value
            )
        )


def _ensure_database(connection: psycopg.Connection) -> None:
    database = sql.Identifier(DATABASE)
    if DATABASE not in _names(connection, "SELECT datname FROM pg_database"):
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                database, _identifier(OWNER)
            )
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, _identifiers(SERVING))
    )


def _let_owner_test(connection: psycopg.Connection) -> None:
    owner = _identifier(OWNER)
    connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
    grant = sql.SQL("GRANT {} TO {}").format(_identifiers(SERVING), owner)
    if connection.info.server_version >= SET_WITHOUT_INHERIT:
        grant += sql.SQL(" WITH INHERIT FALSE, SET TRUE")
    else:
        connection.execute(sql.SQL("ALTER ROLE {} NOINHERIT").format(owner))
    connection.execute(grant)
    # Cleaning up after a test passes the log's triggers, which no product may.
    connection.execute(
        sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(owner)
    )


def _names(connection: psycopg.Connection, query: str) -> set[str]:
    return {row[0] for row in connection.execute(query.encode())}


def _identifier(role: str) -> sql.Identifier:
    return sql.Identifier(role_name(role))


def _identifiers(roles: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(_identifier(role) for role in roles)


def bootstrap_embedded(data_dir: Path) -> None:
    """Make the roles and the database of a running embedded server, unless that is done.

    The stamp stands beside the data, so that a new database never comes with an old stamp.
    """
    if is_bootstrapped(data_dir):
        return
    server = EmbeddedPostgres(data_dir)
    passwords = {role: kept_password(data_dir, role) for role in ROLES}
    ensure_roles_and_database(server.superuser_conninfo(), passwords)
    write_private(_stamp(data_dir), _version())


def is_bootstrapped(data_dir: Path) -> bool:
    """Whether this very version of the roles has been made."""
    stamp = _stamp(data_dir)
    return stamp.exists() and stamp.read_text() == _version()


def _stamp(data_dir: Path) -> Path:
    return find_place(data_dir).state / "roles.stamp"


def _version() -> str:
    return Path(__file__).read_text()


def bootstrap_server() -> None:
    """The same for a server of one's own, once and whenever a password changes."""
    parts = urlsplit(text("DATABASE_URL", ""))
    if not parts.hostname:
        raise SetUpError("Name the server in DATABASE_URL: postgresql://host:port/schoolchat.")
    conninfo = make_conninfo(
        host=unquote(parts.hostname),
        port=parts.port or PORT,
        user=unquote(parts.username or "postgres"),
        password=_given_password(SUPERUSER),
        dbname="postgres",
    )
    ensure_roles_and_database(conninfo, {role: _given_password(role) for role in ROLES})


def _given_password(role: str) -> str:
    name = f"SCHOOLCHAT_DB_PASSWORD_{role.upper()}"
    if password := text(name, ""):
        return password
    raise SetUpError(f"Set {name}, or {name}_FILE.")


def _main(arguments: Sequence[str]) -> int:
    try:
        if arguments:
            bootstrap_embedded(Path(arguments[0]))
        else:
            bootstrap_server()
    except (SetUpError, psycopg.Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
