"""The virus scanner, and settings that differ from the school's."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from messaging.files import places
from tests.messaging.files.clamav import Clamd, clamd


@pytest.fixture(scope="session")
def _scanner() -> Iterator[Clamd]:
    with clamd() as daemon:
        yield daemon


@pytest.fixture
def decide(settings: Settings) -> Iterator[Callable[..., None]]:
    """`decide(scanner=…)` changes what the school has decided about files, for this test."""

    def change(**decisions: object) -> None:
        settings.FILES = replace(settings.FILES, **decisions)

    yield change
    places._place.cache_clear()


@pytest.fixture
def scanner(_scanner: Clamd, decide: Callable[..., None]) -> Clamd:
    """A clamd that knows EICAR, and a school that has it look at every file."""
    decide(scanner=_scanner.unix, decided=True)
    return _scanner
