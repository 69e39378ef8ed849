"""A page that is not there leaves no connection to the database behind, nor does one that is."""

import asyncio
import urllib.request
from urllib.error import HTTPError

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from messaging.live.line import conninfo
from tests.cast import client_of
from tests.leaving import until
from tests.server import Server

OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def _others() -> int:
    with psycopg.connect(conninfo(), autocommit=True) as looking:
        row = looking.execute(OTHERS).fetchone()
    assert row
    return int(row[0])


def _status(server: Server, browser: Client, address: str) -> int:
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    asked = urllib.request.Request(f"{server.url}{address}", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "status"),
    [("/channels/", 200), ("/records/", 404), ("/channels/no-such-page/", 404)],
)
def test_whatever_was_asked_for_the_connection_is_given_back(
    address: str, status: int, server: Server, alice: User
) -> None:
    browser = client_of(alice)
    before = _others()
    for _ in range(3):
        assert _status(server, browser, address) == status
    asyncio.run(until(OTHERS, before))
