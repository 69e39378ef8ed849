"""Synapse, where it is installed: rate limits lifted, on the same PostgreSQL, federation off."""

import hashlib
import hmac
import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from psycopg.conninfo import conninfo_to_dict

from benchmarks.live.school import Failed, Folder, last_line

SECRET: Final = "of no use to anybody"  # noqa: S105 - it serves this machine for some minutes
_SECONDS: Final = 120.0
_NO_LIMIT: Final = {"per_second": 1e6, "burst_count": 1e6}
_LIMITS: Final = ("rc_message", "rc_registration", "rc_admin_redaction")


def synapse_command(python: Path, folder: Folder, conninfo: str, port: int) -> list[str]:
    """How it is started, with a new configuration; `python` is one that has Synapse."""
    home = folder.path / "synapse"
    home.mkdir(exist_ok=True)
    configuration = home / "homeserver.yaml"
    configuration.write_text(json.dumps(_configuration(home, conninfo, port)))  # JSON is YAML
    command = [str(python), "-m", "synapse.app.homeserver", "-c", str(configuration)]
    try:
        done = subprocess.run(
            [*command, "--generate-keys"], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise Failed(f"Synapse cannot be started: {error.strerror}: {python}.") from error
    if done.returncode:
        raise Failed(f"Synapse is not installed in {python}: {last_line(done.stderr)}")
    return command


def _configuration(home: Path, conninfo: str, port: int) -> dict[str, Any]:
    place = conninfo_to_dict(conninfo)
    arguments = {name: place[name] for name in ("host", "port", "user", "password", "dbname")}
    listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"]}
    database = {"name": "psycopg2", "allow_unsafe_locale": True, "args": arguments}
    return {
        "server_name": "localhost",
        "report_stats": False,
        "listeners": [{**listener, "resources": [{"names": ["client"]}]}],
        "database": {**database, "args": {**arguments, "cp_min": 5, "cp_max": 10}},
        "signing_key_path": str(home / "signing.key"),
        "media_store_path": str(home / "media"),
        "registration_shared_secret": SECRET,
        "trusted_key_servers": [],
        "presence": {"enabled": False},
        **dict.fromkeys(_LIMITS, _NO_LIMIT),
        "rc_login": {"address": _NO_LIMIT, "account": _NO_LIMIT},
        "rc_joins": {"local": _NO_LIMIT, "remote": _NO_LIMIT},
        "rc_joins_per_room": _NO_LIMIT,
        "rc_invites": {"per_room": _NO_LIMIT, "per_user": _NO_LIMIT},
    }


class People:
    """Registers people and lets them join rooms, by Synapse's own interface."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def rooms(self, sizes: Sequence[int], writers: int) -> list[dict[str, Any]]:
        """Rooms as the generator wants them, with new people in each."""
        return [self._room(number, size, writers) for number, size in enumerate(sizes)]

    def _room(self, number: int, size: int, writers: int) -> dict[str, Any]:
        tokens = [self._register(f"p{number}x{person}") for person in range(size)]
        made = {"preset": "public_chat"}
        room = self._post("/_matrix/client/v3/createRoom", made, tokens[0])["room_id"]
        for token in tokens[1:]:
            self._post(f"/_matrix/client/v3/rooms/{quote(room)}/join", {}, token)
        return {"channel": room, "tokens": tokens, "writers": writers}

    def _register(self, name: str) -> str:
        path = "/_synapse/admin/v1/register"
        nonce = self._ask(Request(self._base + path))["nonce"]
        told = f"{nonce}\0{name}\0{SECRET}\0notadmin".encode()
        mac = hmac.new(SECRET.encode(), told, hashlib.sha1).hexdigest()
        person = {"nonce": nonce, "username": name, "password": SECRET, "mac": mac}
        token: str = self._post(path, {**person, "admin": False}, "")["access_token"]
        return token

    def _post(self, path: str, what: dict[str, Any], token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._ask(Request(self._base + path, json.dumps(what).encode(), headers))

    def _ask(self, request: Request) -> dict[str, Any]:
        try:
            with urlopen(request, timeout=_SECONDS) as answer:
                found: dict[str, Any] = json.load(answer)
        except URLError as error:
            raise Failed(f"Synapse refused {request.full_url}: {error}") from error
        return found

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            try:
                self._ask(Request(f"{self._base}/_matrix/client/versions"))
            except Failed:
                time.sleep(0.2)
            else:
                return
        raise Failed("Synapse does not answer.")
