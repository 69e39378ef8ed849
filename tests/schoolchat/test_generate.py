"""`generate`: a synthetic history through the same sealing, indexing and log."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.authentication import open_token
from accounts.models import Provenance, User
from accounts.roles import Role
from accounts.services.school import write_provenance
from audit.actions import Action
from audit.models import Entry, Item
from messaging.models import Channel, Message
from messaging.queries import newest
from messaging.vault.versions import current_bodies
from messaging.verify import wrong_content

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("owner")]


@pytest.fixture
def tokens(tmp_path: Path) -> list[dict[str, object]]:
    file = tmp_path / "tokens"
    call_command("generate", messages=300, people=12, channels=4, members=6, months=5, tokens=file)
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_it_writes_as_many_messages_as_were_asked_for(tokens: list[dict[str, object]]) -> None:
    assert Message.objects.filter(kind="text").count() == 300
    assert Channel.objects.count() == 4
    heads = {channel.id: channel.head for channel in Channel.objects.all()}
    assert sum(heads.values()) == 300
    for channel in Channel.objects.all():
        page = newest(channel, 5)
        assert [m.seq for m in page] == sorted(m.seq for m in page)
        assert all(body.text for body in current_bodies(page).values())


def test_every_message_stands_in_the_log_and_fits_it(tokens: list[dict[str, object]]) -> None:
    bulk = Entry.objects.filter(action=Action.MESSAGES_GENERATED)
    assert sum(entry.facts["count"] for entry in bulk) == Item.objects.count() == 300
    assert list(wrong_content()) == []


def test_each_person_has_a_token_and_the_channels_they_are_in(
    tokens: list[dict[str, object]],
) -> None:
    assert len(tokens) == 12
    for line in tokens:
        token = open_token(str(line["token"]))
        assert token
        assert str(token.person_id) == line["id"]
        inside = token.person.memberships.values_list("channel_id", flat=True)
        assert {str(channel) for channel in inside} == set(line["channels"])  # type: ignore[call-overload]


def test_it_makes_a_safeguarding_lead_and_an_administrator(
    tokens: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert User.objects.filter(groups__name=Role.DSL).count() == 1
    assert User.objects.filter(groups__name=Role.APPROVER).count() == 1


def test_a_second_run_adds_to_what_it_made(tokens: list[dict[str, object]]) -> None:
    call_command("generate", messages=20, people=3, channels=1)
    assert Message.objects.filter(kind="text").count() == 320


def test_a_school_it_did_not_make_is_refused() -> None:
    write_provenance(kind=Provenance.Kind.SCHOOL, school_name="Hazel Lane")
    with pytest.raises(CommandError, match="was not generated"):
        call_command("generate", messages=10)
    assert not Message.objects.exists()


def test_its_channels_have_the_classes_of_the_demonstration() -> None:
    call_command("generate", messages=40, people=12, channels=12, classes="demo", months=2)
    classes = set(Channel.objects.values_list("record_class", flat=True))
    assert classes == {"routine", "ephemeral", "direct", "slt", "governors"}
    direct = Channel.objects.filter(kind=Channel.Kind.DIRECT)
    assert set(direct.values_list("record_class", flat=True)) == {"direct"}
    assert all(channel.memberships.count() == 2 for channel in direct)
    assert not Message.objects.exclude(author__memberships__channel_id=F("channel_id")).exists()
