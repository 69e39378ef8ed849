"""docs/verify_log.py as a module, files for it to read, and a database that was put back."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from audit.checkpoints import note_of
from tests.audit.put_back import TODAY, YESTERDAY, enter, put_back, signed
from tests.audit.verify_log import SCRIPT, Keep


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Writes a text to a file of its own."""

    def write(text: str | bytes) -> Path:
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.txt"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script as a module, for what would take too many processes."""
    spec = importlib.util.spec_from_file_location("verify_log", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def kept() -> str:
    """Today's checkpoint, as the governors have it; the database is yesterday's."""
    enter(YESTERDAY)
    signed()
    enter(TODAY - YESTERDAY)
    note = note_of(signed())
    put_back(YESTERDAY)
    return note
