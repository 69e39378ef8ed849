"""A school with its people, for every test of accounts that asks for it."""

import pytest
from pytest_django import Settings

from accounts.models import Provenance
from tests.accounts.scenes import Cast, found


@pytest.fixture(autouse=True)
def _quick_and_alone(settings: Settings) -> None:
    """Argon2 is slow on purpose; what stands behind the doors is tested elsewhere."""
    settings.ROOT_URLCONF = "tests.accounts.urls"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    """The whole cast, in a real school."""
    return found()


@pytest.fixture
def demo(db: None) -> Cast:
    """The same people in a demonstration."""
    return found(Provenance.Kind.DEMO)
