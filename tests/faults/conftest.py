"""A made-up school, generated once, and copied for each test that breaks something."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Generated, Running, copy_of, generate, served


@pytest.fixture(scope="package")
def generated() -> Iterator[Generated]:
    parent = Path(tempfile.mkdtemp(prefix="schoolchat-faults-"))
    parent.chmod(0o711)  # PostgreSQL, as another user, has to reach its folder in there
    yield generate(parent)
    shutil.rmtree(parent)


@pytest.fixture(scope="package")
def stopped(generated: Generated) -> Iterator[Path]:
    """A copy made while nothing was being served."""
    with copy_of(generated.folder) as kept:
        yield kept


@pytest.fixture(scope="package")
def running(generated: Generated, stopped: Path) -> Iterator[Running]:
    """The school itself, being served: for tests after which it goes on."""
    with served(generated.folder) as product:
        yield product


@pytest.fixture
def folder(stopped: Path) -> Iterator[Path]:
    """A data folder of the test's own, with the same school in it."""
    with copy_of(stopped) as own:
        yield own
