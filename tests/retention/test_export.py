"""An export is asked for, approved by another person, written and verified."""

import getpass
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.clock import iso
from audit.models import Entry
from messaging.imports.whatsapp.parse import parse
from messaging.models import Channel
from messaging.rendering import render_plain
from messaging.services.channels import create_channel, open_direct
from messaging.services.imports import import_whatsapp
from messaging.services.messages import delete_message, edit_message
from messaging.services.pins import pin
from messaging.services.reactions import react
from retention.exceptions import (
    AlreadyShown,
    BadReason,
    ConcernsYou,
    NeedsAnother,
    NotAllowed,
    NotApproved,
    NotFound,
)
from retention.exports.items import item_json
from retention.models import Export
from retention.queries.exports import exports_for
from retention.services.exports import (
    approve_export,
    refuse_export,
    request_export,
    show_passphrase,
)
from retention.workers.writing import items_of, write_export
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

SAMPLE = settings.BASE_DIR / "tests" / "data" / "whatsapp" / "dev1_ios_en_gb.txt"
REASON = "The governors' panel asked for the minutes of the group."


def asked(by: User, channel: Channel, **more: object) -> Export:
    fields: dict[str, object] = {
        "since": date(2020, 1, 1),
        "until": date(2099, 1, 1),
        "purpose": "complaint",
        "reason": REASON,
        "recipient": "Panel clerk",
    }
    return request_export(by=by, channel=channel, **(fields | more))  # type: ignore[arg-type]


def test_it_is_written_signed_and_encrypted_and_verifies(
    tmp_path: Path,
    as_role: Callable[[str], AbstractContextManager[None]],
    alice: User,
    bob: User,
    hari: User,
    helen: User,
) -> None:
    channel = channel_of(alice, bob)
    first = say(alice, channel, "The first wording")
    edit_message(author=alice, message_id=first.id, body="The second wording")
    delete_message(by=bob, message_id=say(bob, channel, "Deleted words").id)
    export = asked(hari, channel)
    approve_export(by=helen, number=export.number)
    passphrase = show_passphrase(by=hari, number=export.number)
    bundle = tmp_path / "bundle.zip"
    with as_role("worker"):
        call_command("export", str(export.number), out=bundle, stdout=StringIO())

    bodies = {item.body for item in items_of(export)}
    assert {"The second wording", "Deleted words"} <= bodies
    assert b"wording" not in bundle.read_bytes()
    (tmp_path / "key.pem").write_bytes(keyring.ring().public_pem)
    (tmp_path / "pass").write_text(passphrase)
    out = StringIO()
    call_command(
        "verify_export",
        str(bundle),
        key=tmp_path / "key.pem",
        passphrase_file=tmp_path / "pass",
        json=True,
        stdout=out,
    )
    assert json.loads(out.getvalue())
    entry = Entry.objects.get(action=Action.EXPORT_WRITTEN)
    export.refresh_from_db()
    assert entry.facts["bundle_sha256"] == export.bundle_sha256
    assert export.messages == entry.facts["messages"] == len(bodies)


def test_an_export_that_nobody_approved_is_not_written(
    tmp_path: Path, alice: User, hari: User
) -> None:
    export = asked(hari, channel_of(alice))
    with pytest.raises(NotApproved):
        write_export(number=export.number, out=tmp_path / "x.zip")
    with pytest.raises(CommandError, match="not approved"):
        call_command("export", str(export.number), out=tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_nobody_approves_their_own(alice: User, helen: User, chris: User) -> None:
    export = asked(helen, channel_of(alice))
    with pytest.raises(NeedsAnother):
        approve_export(by=helen, number=export.number)
    assert approve_export(by=chris, number=export.number).approved_by == chris


def test_only_an_approver_approves(alice: User, hari: User, dana: User, theo: User) -> None:
    export = asked(hari, channel_of(alice))
    with pytest.raises(NotAllowed):
        approve_export(by=dana, number=export.number)
    with pytest.raises(NotFound):
        approve_export(by=theo, number=export.number)


def test_its_subject_sees_nothing_of_it_and_cannot_decide(
    alice: User, hari: User, helen: User, chris: User
) -> None:
    export = asked(hari, channel_of(alice), subjects=[helen])
    assert not exports_for(helen).exists()
    with pytest.raises(NotFound):
        approve_export(by=helen, number=export.number)
    assert refuse_export(by=chris, number=export.number).state == Export.State.REFUSED


def test_nobody_asks_for_what_concerns_them(alice: User, bob: User, hari: User) -> None:
    about_hari = create_channel(by=alice, kind="private", name="Case", about=[hari])
    with pytest.raises(ConcernsYou):
        asked(hari, about_hari)
    with pytest.raises(ConcernsYou):
        asked(hari, open_direct(by=hari, people=[bob]))
    with pytest.raises(ConcernsYou):
        asked(hari, channel_of(alice), subjects=[hari])


def test_the_people_of_a_direct_conversation_are_its_subjects(
    alice: User, helen: User, hari: User
) -> None:
    export = asked(hari, open_direct(by=alice, people=[helen]))
    with pytest.raises(NotFound):
        approve_export(by=helen, number=export.number)


def test_staff_carol_and_theo_cannot_ask(alice: User, carol: User, theo: User) -> None:
    channel = channel_of(alice)
    for person in (alice, carol, theo):
        with pytest.raises(NotAllowed):
            asked(person, channel)


def test_it_needs_a_reason(alice: User, hari: User) -> None:
    with pytest.raises(BadReason):
        asked(hari, channel_of(alice), reason="because")


def test_the_passphrase_is_shown_once_to_who_asked_and_after_the_approval(
    alice: User, hari: User, helen: User
) -> None:
    export = asked(hari, channel_of(alice))
    with pytest.raises(NotApproved):
        show_passphrase(by=hari, number=export.number)
    approve_export(by=helen, number=export.number)
    with pytest.raises(NotAllowed):
        show_passphrase(by=helen, number=export.number)
    assert show_passphrase(by=hari, number=export.number)
    with pytest.raises(AlreadyShown):
        show_passphrase(by=hari, number=export.number)


def test_reason_recipient_and_passphrase_stand_in_no_column(alice: User, hari: User) -> None:
    export = asked(hari, channel_of(alice), passphrase="kestrel-marmalade-9000")
    with connection.cursor() as cursor:
        for table in ("retention_export", "audit_entry", "audit_sealedrecord"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = "\n".join(row[0] for row in cursor.fetchall())
            assert "kestrel" not in text
            assert "governors" not in text
            assert "Panel clerk" not in text
    assert export.number


def test_only_what_was_written_here_is_rendered_as_markdown(
    alice: User, bob: User, hari: User
) -> None:
    channel = channel_of(alice, bob, name="Year *5*")
    say(alice, channel, "Said *here*")
    import_whatsapp(
        parse(SAMPLE.read_bytes(), file_name=SAMPLE.name, date_order=None),
        channel=channel,
        by=None,
        timezone=ZoneInfo("Europe/London"),
    )
    items = list(items_of(asked(hari, channel)))
    assert "<p>Said <em>here</em></p>" in {item.html for item in items}
    others = [item for item in items if item.kind != "text"]
    assert {item.kind for item in others} == {"imported", "system"}
    assert [item for item in others if item.html != render_plain(item.body)] == []


def test_an_import_by_command_is_by_who_ran_it_and_by_no_person(alice: User, hari: User) -> None:
    channel = channel_of(alice)
    call_command("import_whatsapp", str(SAMPLE), channel="Year 5", verbosity=0)
    origins = [item_json(item)["import"] for item in items_of(asked(hari, channel))]
    importers = [one["imported_by"] for one in origins if isinstance(one, dict)]
    assert importers
    assert {tuple(one) for one in importers} == {("operator",)}
    assert {one["operator"] for one in importers} == {getpass.getuser()}


def test_reactions_pins_mentions_and_origins_are_in_it(alice: User, bob: User, hari: User) -> None:
    there = create_channel(by=bob, kind="open", name="Hall", members=[alice])
    channel = channel_of(alice, bob)
    said = say(bob, there, "The kiln is free")
    say(alice, channel, "", forward=said.id)
    asked_bob = say(alice, channel, f"@{bob.display_name} and @everyone")
    for person in (bob, alice):
        react(by=person, message_id=asked_bob.id, emoji="👍", on=True)
    pin(by=bob, message_id=asked_bob.id, on=True)
    delete_message(by=alice, message_id=asked_bob.id)

    forwarded, mentioning = [
        item_json(item) for item in items_of(asked(hari, channel)) if item.kind == "text"
    ]
    he = {"id": str(bob.id), "name": bob.display_name}
    assert mentioning["reactions"] == [
        {"emoji": "👍", "people": [he, {"id": str(alice.id), "name": alice.display_name}]}
    ]
    assert mentioning["pinned"]["by"] == he  # type: ignore[index,call-overload]
    assert [mentioning["mentions"], mentioning["mentions_all"]] == [[he], "everyone"]
    assert mentioning["deleted_at"]
    assert forwarded["forwarded"] == {
        "author": bob.display_name,
        "sent_at": iso(said.sent_at),
        "channel": "Hall",
    }
    assert (forwarded["reactions"], forwarded["pinned"], forwarded["mentions"]) == ([], None, [])
