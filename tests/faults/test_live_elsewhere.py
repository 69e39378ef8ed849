"""What tests/messaging/test_live.py says of the websocket holds on other servers too: on daphne,
and on two web processes that share a Redis."""

import inspect
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from tests.faults.web import Web, redis_server, web_processes
from tests.messaging import test_live

pytestmark = pytest.mark.django_db(transaction=True)

channel = test_live.channel
for _name, _test in inspect.getmembers(test_live, inspect.isfunction):
    _wanted = inspect.signature(_test).parameters
    # What changes something inside the server's process has no hold on another process.
    if _name.startswith("test_") and "server" in _wanted and "monkeypatch" not in _wanted:
        globals()[_name] = _test


@pytest.fixture(scope="module", params=["daphne", "redis"])
def processes(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Web]:
    if request.param == "daphne":
        with web_processes("daphne") as web:
            yield web
    else:
        with redis_server() as redis, web_processes("uvicorn", count=2, redis=redis.url) as web:
            yield web


@pytest.fixture
def server(processes: Web, transactional_db: None) -> Web:
    return processes


@pytest_asyncio.fixture(autouse=True)
async def _close_the_threads_connection(transactional_db: None) -> AsyncIterator[None]:
    """What `sync_to_async` opens stays open in its thread, and would outlive the database."""
    yield
    await sync_to_async(connections.close_all)()
