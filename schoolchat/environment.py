"""How settings are read from the environment."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from schoolchat import pooled
from schoolchat.database.address import address_of

PGPORT: Final = 5432
_REDIS_CONNECT_SECONDS: Final = 1
#: Every process joins the group of moods anew every 20 s; one that was killed is out after this.
_GROUP_SECONDS: Final = 120
_URL_OPTIONS: Final = {"sslmode", "sslrootcert", "sslcert", "sslkey"}
# Of libpq: a network that swallows everything is noticed within so many seconds or milliseconds.
_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}
# Web threads take a connection for each piece of work. There are more than threads that want one,
# so whoever waits is waiting for PostgreSQL itself, and is told after two seconds.
_POOL: Final = {
    "min_size": 4,  # more are made one by one, which takes its time where many come at once
    "max_size": 16,
    "timeout": 2,
    "reconnect_timeout": 30,
    "check": pooled.check,
}


def text(name: str, default: str) -> str:
    """The value of `name`, or what the file that `name`_FILE names holds, or the default."""
    if name in os.environ:
        return os.environ[name]
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text().strip()
    return default


def flag(name: str, default: bool) -> bool:
    """True for 1, true, yes and on."""
    return text(name, str(default)).lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """A whole number."""
    return int(text(name, str(default)))


def words(name: str, default: str) -> list[str]:
    """Words parted by spaces or commas."""
    return text(name, default).replace(",", " ").split()


def kept_secret(path: Path) -> str:
    """A random secret of 50 characters, made on first use in a file of mode 600."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret


def database(data: Path, role: str) -> dict[str, Any]:
    """Django's settings of the one database, as the PostgreSQL role `schoolchat_ROLE`.

    With DATABASE_URL it is a server; without, the embedded one, whose socket is in
    `DATA/postgres.json` once it has been made.
    """
    url = text("DATABASE_URL", "")
    where = _server(url) if url else _embedded(data)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "USER": f"schoolchat_{role}",
        "PASSWORD": _password(data, role),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        **where,
        "OPTIONS": {**where.get("OPTIONS", {}), **({"pool": _POOL} if role == "web" else {})},
    }


def channel_layers(secret: str) -> dict[str, Any]:
    """Channels' layer: Redis, encrypted, for several processes; else this process's memory."""
    host = _redis()
    if not host:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    key = hashlib.sha256(secret.encode()).hexdigest()
    return {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {
                "hosts": [host],
                "symmetric_encryption_keys": [key],
                "group_expiry": _GROUP_SECONDS,
            },
        }
    }


def has_redis() -> bool:
    """Whether the environment names a Redis, by itself or through sentinels."""
    return bool(text("REDIS_URL", "") or text("REDIS_SENTINELS", ""))


def _redis() -> dict[str, Any]:
    """What channels_redis makes its connections of; empty without a Redis."""
    address, sentinels = text("REDIS_URL", ""), words("REDIS_SENTINELS", "")
    if address and sentinels:
        raise ImproperlyConfigured("Set REDIS_URL or REDIS_SENTINELS, not both.")
    if not has_redis():
        return {}
    password = text("REDIS_PASSWORD", "")
    return {
        # redis-py 8 reads with a time-out and caps its pool; both would lose idle sockets.
        "socket_timeout": None,
        "max_connections": 10_000,
        "socket_connect_timeout": _REDIS_CONNECT_SECONDS,
        **({"password": password} if password else {}),
        **(_sentinels(sentinels) if sentinels else {"address": address}),
    }


def _sentinels(addresses: list[str]) -> dict[str, Any]:
    """Whoever is the master of this name, as the sentinels at `host:port` say."""
    if not (master := text("REDIS_MASTER", "")):
        raise ImproperlyConfigured("REDIS_SENTINELS needs REDIS_MASTER, the name of the master.")
    tls = {"ssl": True} if flag("REDIS_TLS", False) else {}
    password = text("REDIS_SENTINEL_PASSWORD", "")
    return {
        "sentinels": [_host_and_port(address) for address in addresses],
        "master_name": master,
        # One that is away costs a second, and is not asked again and again before the next.
        "sentinel_kwargs": {
            "socket_timeout": _REDIS_CONNECT_SECONDS,
            "socket_connect_timeout": _REDIS_CONNECT_SECONDS,
            "retry": None,
            **({"password": password} if password else {}),
            **tls,
        },
        **tls,
    }


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ImproperlyConfigured(f"REDIS_SENTINELS names host:port, not {address}.")
    return host.strip("[]"), int(port)


def _server(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.username or parts.password:
        raise ImproperlyConfigured(
            "DATABASE_URL names no user: each process has its own role and password."
        )
    if unknown := options.keys() - _URL_OPTIONS:
        raise ImproperlyConfigured(f"DATABASE_URL has an unknown option: {', '.join(unknown)}.")
    return {
        "HOST": unquote(parts.hostname or "localhost"),
        "PORT": str(parts.port or PGPORT),
        "NAME": parts.path.lstrip("/") or "schoolchat",
        "OPTIONS": {**_NETWORK, **options},
    }


def _embedded(data: Path) -> dict[str, Any]:
    address = address_of(data)
    return {"HOST": address.host, "PORT": str(address.port), "NAME": "schoolchat"}


def _password(data: Path, role: str) -> str:
    given = text(f"SCHOOLCHAT_DB_PASSWORD_{role.upper()}", "")
    file = data / "keys" / "database" / f"{role}.password"
    if given or not file.exists():
        return given
    return file.read_text().strip()
