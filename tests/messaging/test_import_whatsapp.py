"""Importing a WhatsApp export."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.actions import Action
from audit.models import Entry, Item
from messaging.imports.whatsapp.parse import parse
from messaging.models import Import, Message
from messaging.queries import newest, rail_for
from messaging.rendering import messages_json
from messaging.services.imports import AlreadyImported, import_whatsapp
from messaging.vault.versions import current_bodies
from tests.scenes import channel_of

SAMPLES = Path(__file__).parent.parent / "data" / "whatsapp"
FILES = sorted(SAMPLES.glob("*.txt"))
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_each_sample_is_in_the_channel_line_by_line(file: Path, alice: User) -> None:
    expected = json.loads(file.with_suffix(".expected.json").read_text())["messages"]
    channel = channel_of(alice)
    call_command("import_whatsapp", str(file), channel="Year 5", verbosity=0)

    imported = Message.objects.filter(channel=channel, kind="imported").order_by("seq")
    bodies = current_bodies(list(imported))
    assert len(imported) == len(expected)
    for message, line in zip(imported, expected, strict=True):
        assert message.sent_at.astimezone(LONDON).isoformat()[:19] == line["ts"]
        if line["kind"] == "text":
            assert bodies[message.id].details["line"] == "text"


def test_an_author_is_a_printed_name_and_never_an_account(alice: User) -> None:
    channel = channel_of(alice)
    alice.display_name = "Nadia Begum"
    alice.save(update_fields=["display_name"])
    call_command("import_whatsapp", str(FILES[0]), channel="Year 5", verbosity=0)

    shown = messages_json([m for m in newest(channel, 50) if m.kind == "imported"])
    assert {"id": None, "name": "Nadia Begum"} in [m["author"] for m in shown]
    assert not Message.objects.filter(kind="imported", author__isnull=False).exists()


def test_no_telephone_number_comes_into_the_record(alice: User) -> None:
    channel = channel_of(alice)
    call_command("import_whatsapp", str(FILES[1]), channel="Year 5", verbosity=0)
    everything = str([body.__dict__ for body in current_bodies(newest(channel, 99)).values()])
    assert "7700 900555" not in everything
    assert "Unknown sender 1" in everything


def test_an_import_is_one_entry_over_its_messages_and_makes_no_unread(alice: User) -> None:
    channel_of(alice)
    call_command("import_whatsapp", str(FILES[2]), channel="Year 5", by=alice.email, verbosity=0)
    entry = Entry.objects.get(action=Action.MESSAGES_IMPORTED)
    source = Import.objects.get()
    assert entry.facts["count"] == Item.objects.filter(entry=entry).count() == 5
    assert entry.facts["sha256"] == bytes(source.sha256).hex()
    assert (source.imported_by, entry.actor) == (alice, alice.id)
    assert rail_for(alice)[0].unread == 0


def test_the_same_file_is_not_imported_twice(alice: User) -> None:
    channel = channel_of(alice)
    export = parse(FILES[0].read_bytes(), file_name=FILES[0].name)
    import_whatsapp(export, channel=channel, by=alice, timezone=LONDON)
    with pytest.raises(AlreadyImported):
        import_whatsapp(export, channel=channel, by=alice, timezone=LONDON)


def test_a_dry_run_stores_nothing(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    channel_of(alice)
    call_command("import_whatsapp", str(FILES[0]), "--channel", "Year 5", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["messages"] == 11
    assert not Message.objects.filter(kind="imported").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"no header at all\n"])
def test_a_file_that_is_no_export_is_refused_in_one_sentence(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "chat.txt"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_whatsapp", str(file), channel="Year 5")
    assert "\n" not in str(refused.value)


def test_an_unknown_channel_is_said_plainly(alice: User) -> None:
    with pytest.raises(CommandError, match="There is no channel called Nowhere"):
        call_command("import_whatsapp", str(FILES[0]), channel="Nowhere")
