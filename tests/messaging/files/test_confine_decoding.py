"""Whatever a crafted picture makes of the process that decodes it reaches nothing from there."""

import json
import os
import resource
import socket
from pathlib import Path

import pytest
from django.conf import settings

from messaging.files import developing, pictures
from messaging.files.confinement import NOBODY


def test_it_can_neither_read_nor_write_nor_call_nor_start_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = settings.DATA_DIR / "keys" / "inside"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"kept")
    held = (tmp_path / "held").open("wb")
    os.set_inheritable(held.fileno(), True)
    monkeypatch.setenv("SCHOOLCHAT_MASTER_KEY", "secret")
    monkeypatch.setattr(pictures, "_PROGRAM", "tests.messaging.files.inside")
    with held, socket.create_server(("127.0.0.1", 0)) as listener:
        asked = {"file": str(kept), "port": listener.getsockname()[1]}
        told, rest = pictures._developed(json.dumps(asked).encode())

    assert rest == b""
    assert {name: told.pop(name) for name in ("descriptors", "environment", "folder")} == {
        "descriptors": [0, 1, 2],
        "environment": [],
        "folder": "/",
    }
    assert told.pop("leads_a_session")
    assert told.pop("limits") == [developing.MEMORY_BYTES, developing.PROCESSOR_SECONDS, 0, 0, 16]
    if os.geteuid() == 0:
        assert set(told.pop("user")) == {NOBODY}
    told.pop("user", None)
    assert told.pop("thread") == "ran"  # which decoders may have
    assert told.pop("more_memory") == "MemoryError"
    assert set(told.values()) == {"PermissionError"}, told
    assert kept.read_bytes() == b"kept"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY  # only its own
    kept.unlink()
