"""A server that restarts says so, and everybody comes back."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from tests.conformance.tab import present
from tests.faults.web import Web, web_processes

pytestmark = pytest.mark.django_db(transaction=True)

RESTARTS = 1012


@pytest.fixture(params=["uvicorn", "daphne"])
def leaving(request: pytest.FixtureRequest) -> Iterator[Web]:
    """A server of the test's own."""
    with web_processes(request.param) as web:
        yield web


async def test_a_server_that_restarts_says_1012(leaving: Web, alice: User) -> None:
    async with present(leaving, alice) as here, present(leaving, alice) as there:
        leaving.processes[0].process.terminate()
        assert await here.closed(within=10) == RESTARTS
        assert await there.closed(within=10) == RESTARTS
