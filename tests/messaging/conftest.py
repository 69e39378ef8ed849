"""A scene for the search, and a channel in it."""

import pytest

from accounts.models import User
from messaging.models import Channel
from messaging.services.channels import create_channel
from tests.messaging.search_scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def channel(alice: User, bob: User) -> Channel:
    return create_channel(by=alice, kind="private", name="Year 6", members=[bob])
