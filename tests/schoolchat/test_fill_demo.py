"""`fill_demo`: a believable school in an empty database, and in no other."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Provenance, User
from accounts.services.school import write_provenance
from messaging.models import Channel, Message
from messaging.queries import newest, rail_for
from messaging.verify import wrong_content
from oversight.models import Concern
from retention.models import Export, Hold

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("owner")]


@pytest.fixture
def printed(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    settings.DATA_DIR = tmp_path
    call_command("fill_demo")
    return capsys.readouterr().out


def test_it_is_whole_everybody_has_the_printed_password_and_a_second_start_adds_nothing(
    printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one: to fill it takes some seconds."""
    _is_whole()
    _ends_in_conversations()
    password = printed.splitlines()[0].removeprefix("demo password: ")
    assert User.objects.get(email__startswith="carol.").check_password(password)
    before = Message.objects.count()
    call_command("fill_demo")
    assert capsys.readouterr().out == printed
    assert Message.objects.count() == before


def _is_whole() -> None:
    assert User.objects.count() == 30
    assert Channel.objects.exclude(kind="direct").count() == 12
    assert Channel.objects.filter(kind="direct").exists()
    assert 2_000 < Message.objects.count() < 6_000
    assert Concern.objects.count() == Hold.objects.count() == 1
    assert Export.objects.get().approved_by != Export.objects.get().requested_by
    assert list(wrong_content()) == []


def _ends_in_conversations() -> None:
    """The newest lines of each channel are somebody's words."""
    for channel in Channel.objects.all():
        assert all(message.kind == "text" for message in newest(channel, 3))
    alice = User.objects.get(email__startswith="alice.")
    assert any(listed.unread for listed in rail_for(alice))


def test_any_other_database_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    write_provenance(kind=Provenance.Kind.SCHOOL, school_name="Hazel Lane")
    with pytest.raises(CommandError, match="not the demonstration"):
        call_command("fill_demo")
    assert not Message.objects.exists()
