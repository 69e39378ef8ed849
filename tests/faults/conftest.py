"""A made-up school, generated once, and copied for each test that breaks something."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Generated, copy_of, generate


@pytest.fixture(scope="package")
def generated() -> Iterator[Generated]:
    parent = Path(tempfile.mkdtemp(prefix="schoolchat-faults-"))
    parent.chmod(0o711)  # PostgreSQL, as another user, has to reach its folder in there
    yield generate(parent)
    shutil.rmtree(parent)


@pytest.fixture
def folder(generated: Generated) -> Iterator[Path]:
    """A data folder of the test's own."""
    with copy_of(generated.folder) as own:
        yield own
