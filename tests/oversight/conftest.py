"""Scenes of oversight: what the desk's form needs, and a conversation that worries somebody."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from messaging.models import Channel
from messaging.services.channels import create_channel
from tests.cast import client_of

REASON = "A parent rang about what was said on the Year 5 trip."


@pytest.fixture
def year_5(alice: User, bob: User) -> Channel:
    """A private channel of Alice and Bob."""
    return create_channel(by=alice, kind="private", name="Year 5", members=[bob])


@pytest.fixture
def deputy(db: None) -> User:
    """Dana's deputy."""
    person = User.objects.create_user("sam@school.example", display_name="Sam Shah")
    person.groups.add(Group.objects.get(name=Role.DEPUTY_DSL))
    return person


@pytest.fixture
def desk(dana: User) -> Client:
    """The safeguarding lead's browser."""
    return client_of(dana)


@pytest.fixture
def ask(desk: Client) -> Callable[..., HttpResponse]:
    """`ask("words")` sends the desk's form as Dana and follows to the results."""

    def send(words: str, *, by: Client = desk, **fields: str) -> HttpResponse:
        form = {"reason": REASON, "words": words, "span": "all", **fields}
        return by.post("/safeguarding/searches/new/", form, follow=True)  # type: ignore[return-value]

    return send
