"""Where the embedded PostgreSQL of a data folder listens. Needs no Django and changes nothing."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PORT: Final = 5432  # only a part of the socket's name: the server opens no TCP port


@dataclass(frozen=True, kw_only=True)
class Address:
    """`host` is the folder of the socket, as libpq wants it."""

    host: str
    port: int


def record_of(data_dir: Path) -> Path:
    """The file that says where the server's state and socket are laid."""
    return data_dir / "postgres.json"


def address_of(data_dir: Path) -> Address:
    """The address on record, or the usual one while no server has been made yet."""
    record = record_of(data_dir)
    if not record.exists():
        return Address(host=str(data_dir / "postgres" / "sock"), port=PORT)
    return Address(host=json.loads(record.read_text())["sockets"], port=PORT)
