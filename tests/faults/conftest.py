"""A made-up school, generated once, and copied for each test that breaks something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Generated, Running, copy_of, generate, served
from tests.faults.proxy import ProxiedDatabase, proxied_database
from tests.faults.web import Web, web_processes
from tests.ready import ready_folder

SLOW_SECONDS = 3  # instead of 20


@pytest.fixture(scope="package")
def generated() -> Iterator[Generated]:
    with ready_folder() as parent:
        yield generate(parent)


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


@pytest.fixture(scope="package", params=["uvicorn", "daphne"])
def strict(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Web]:
    """A web process with limits as a school has them; it soon gives up who does not read."""
    with web_processes(request.param, SCHOOLCHAT_SLOW_SECONDS=str(SLOW_SECONDS)) as web:
        yield web


@pytest.fixture(scope="package")
def proxied(django_db_setup: None) -> Iterator[ProxiedDatabase]:
    """What lies between the database and `pair`."""
    with proxied_database() as found:
        yield found


@pytest.fixture(scope="package")
def pair(proxied: ProxiedDatabase) -> Iterator[Web]:
    """Two web processes without rate limits and without a Redis."""
    with web_processes("uvicorn", count=2, DATABASE_URL=proxied.url, SCHOOLCHAT_RATES="off") as web:
        yield web
