"""The four kinds of server. Processes are started once a kind; the database under them is emptied
between tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from accounts.models import User
from messaging.models import Channel
from tests.faults.web import Web, redis_server, web_processes
from tests.scenes import channel_of, settle


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A way to serve: which server, and whether two processes share a Redis."""

    server: str
    shared: bool

    def __str__(self) -> str:
        return f"{self.server}-{'redis' if self.shared else 'memory'}"


KINDS = [Kind(server=s, shared=r) for s in ("uvicorn", "daphne") for r in (False, True)]


@pytest.fixture(scope="package", params=KINDS, ids=str)
def processes(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Web]:
    kind: Kind = request.param
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server()).url if kind.shared else ""
        count = 2 if kind.shared else 1
        yield stack.enter_context(web_processes(kind.server, count=count, redis=redis))


@pytest.fixture
def server(processes: Web, transactional_db: None) -> Web:
    return processes


@pytest.fixture
def channel(transactional_db: None, alice: User, bob: User) -> Channel:
    return channel_of(alice, bob)


@pytest.fixture
def typing(transactional_db: None) -> Iterator[None]:
    """The school shows who is writing. Its processes outlive the test, and are told at its end."""
    settle(typing="on")
    yield
    settle(typing="off")
