"""The clock of the past."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import pytest

PAST = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)

type Clock = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`with at(then):` messages are posted at that time."""

    @contextmanager
    def posted(then: datetime) -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr("messaging.ingest.store.now", lambda: then)
            yield

    return posted
