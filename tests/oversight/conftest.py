"""Scenes of oversight: what the desk's form needs, a conversation that worries somebody, and the
ways by which checkpoints leave."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from messaging.models import Channel
from messaging.services.channels import create_channel
from tests.cast import client_of
from tests.oversight.outside import MailServer, WebServer, mail_server, web_server

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


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """The mail server that the school sends by."""
    with mail_server() as server:
        settings.MAILERS = {"smtp": {"OPTIONS": {"host": "127.0.0.1", "port": server.port}}}
        settings.MAIL_FROM = "log@school.example"
        yield server


@pytest.fixture
def hook(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """The web address outside."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with web_server() as server:
        settings.CHECKPOINT_WEBHOOK = server.address
        yield server


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder outside."""
    outside = tmp_path / "outside"
    outside.mkdir()
    settings.CHECKPOINT_FOLDER = str(outside)
    return outside
