"""The accessibility statement: open to everybody, and about the version that runs."""

import tomllib
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from schoolchat.accessibility import GAPS, TESTED
from schoolchat.look.setting import look
from tests.cast import client_of


def _page(client: Client) -> str:
    answer = client.get("/accessibility/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.shows("statement")
def test_a_stranger_reads_what_works_what_does_not_and_whom_to_tell(
    db: None, settings: Settings
) -> None:
    settings.LOOK = replace(look(), contact="office@hazel-lane.example")
    page = _page(Client())
    version = tomllib.loads((Path(project.BASE_DIR) / "pyproject.toml").read_text())["project"]
    assert f"for version {version['version']}" in page
    assert "WCAG) 2.2, level AA" in page
    assert [str(one) for one in TESTED if str(one) not in page] == []
    assert [str(gap.words) for gap in GAPS if str(gap.words) not in page] == []
    assert 'href="mailto:office@hazel-lane.example"' in page
    assert "Accessibility Regulations 2018" in page


def test_the_school_may_say_it_in_a_sentence_or_not_at_all(db: None, settings: Settings) -> None:
    settings.LOOK = replace(look(), contact="Ring Mrs Hart on extension 12.")
    assert "<p>Ring Mrs Hart on extension 12.</p>" in _page(Client())
    settings.LOOK = replace(look(), contact="")
    assert "Tell the school office." in _page(Client())


def test_every_page_leads_there(alice: User, theo: User) -> None:
    link = 'href="/accessibility/"'
    assert link in Client().get("/accounts/login/").content.decode()
    for person, path in ((alice, "/"), (alice, "/search/"), (theo, "/manage/people/")):
        assert link in client_of(person).get(path, follow=True).content.decode()
