"""A keyring that a test may move, and the clock of the past."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from audit import keyring

PAST = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)

type Clock = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def movable_keyring(tmp_path: Path) -> Iterator[Path]:
    """The keyring's file, put back as it was when the test is over; yields a copy of it."""
    kept = tmp_path / "keyring.before.json"
    file = keyring.keyring_file()
    shutil.copy(file, kept)
    yield kept
    shutil.copy(kept, file)
    (settings.KEYS_DIR / "holder").unlink(missing_ok=True)
    keyring.forget()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`with at(then):` messages are posted at that time."""

    @contextmanager
    def posted(then: datetime) -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr("messaging.services.messages.now", lambda: then)
            yield

    return posted
