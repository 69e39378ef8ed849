"""Fixtures of the whole suite: the database roles, the cast, and a clean record for each test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import pytest_django
from django.core.cache import cache
from django.test import TransactionTestCase

from accounts.models import User
from tests import records, roles
from tests.cast import enter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test's body is the web process: its statements run as the web role."""
    with roles.acting_as(roles.chosen(item)):
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """Keep a copy of what the migrations put in, for the tests that commit."""
    with django_db_blocker.unblock():
        records.keep_seeds()
    setattr(TransactionTestCase, "_fixture_teardown", records.clean)  # noqa: B010


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    cache.clear()


@pytest.fixture
def as_role() -> Callable[[str], AbstractContextManager[None]]:
    """`with as_role("disposer"):` runs statements as another database role."""
    return roles.acting_as


def _part(name: str) -> Callable[..., User]:
    @pytest.fixture(name=name)
    def person(db: None) -> User:
        return enter(name)

    return person


alice, bob, carol, dana, hari = (_part(n) for n in ("alice", "bob", "carol", "dana", "hari"))
priya, theo, gwen, helen, chris = (_part(n) for n in ("priya", "theo", "gwen", "helen", "chris"))
