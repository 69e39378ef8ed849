"""The embedded server takes a part of the memory that there is."""

import os
from pathlib import Path

import pytest

from schoolchat.database import memory

GB = 2**30


@pytest.mark.parametrize(
    ("limit", "buffers"),
    [(2 * GB, "256MB"), (4 * GB, "256MB"), (8 * GB, "512MB")],
)
def test_a_container_has_what_it_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, buffers: str
) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 16 * GB, "SC_PAGE_SIZE": 4}.get)
    monkeypatch.setattr(memory, "_LIMIT", tmp_path / "memory.max")
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    assert memory.buffers() == buffers


@pytest.mark.parametrize("said", ["max\n", None])
def test_elsewhere_it_is_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 16 * GB, "SC_PAGE_SIZE": 4}.get)
    monkeypatch.setattr(memory, "_LIMIT", tmp_path / "memory.max")
    if said is not None:
        (tmp_path / "memory.max").write_text(said)
    assert memory.buffers() == "1024MB"
