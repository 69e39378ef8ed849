"""docs/life-of-a-message.md names what is there: each module, function and file of its way."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

TREE = Path(__file__).resolve().parent.parent.parent
PAGE = (TREE / "docs" / "life-of-a-message.md").read_text()
APPS = ("accounts", "audit", "messaging", "retention", "oversight", "schoolchat")

NAMES = sorted(set(re.findall(rf"`((?:{'|'.join(APPS)})(?:\.\w+)+)`", PAGE)))
FILES = sorted(set(re.findall(r"`([\w/-]+/[\w.-]+\.(?:sql|js|py))`", PAGE)))


def resolve(name: str) -> Any:
    """What a dotted name stands for: the longest part that is a module, then its attributes."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        if not _is_module(module):
            continue
        found: Any = importlib.import_module(module)
        for attribute in parts[length:]:
            found = getattr(found, attribute)
        return found
    raise LookupError(name)


def _is_module(name: str) -> bool:
    path = TREE.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_page_is_there(name: str) -> None:
    assert resolve(name) is not None


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_the_page_is_there(name: str) -> None:
    assert (TREE / name).is_file()


def test_the_page_goes_function_by_function() -> None:
    assert len(NAMES) > 30
    assert "messaging.ingest.store.store" in NAMES
