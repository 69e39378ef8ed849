"""Exports end: the server forgets their passphrases, and no bundle that lies about opens by it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import User
from audit.actions import Action
from audit.clock import now
from audit.models import Entry
from audit.sealed import RecordGone
from messaging.models import Channel
from retention.exceptions import ExportEnded
from retention.exports.opening import passphrase_of
from retention.models import Export
from retention.services.exports import (
    approve_export,
    refuse_export,
    request_export,
    show_passphrase,
)
from retention.workers.ending import end_exports
from retention.workers.writing import write_export
from tests.cast import client_of
from tests.retention.scenes import REASON
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def export(alice: User, bob: User, hari: User) -> Export:
    channel: Channel = channel_of(alice, bob)
    say(alice, channel, "Marmalade at four")
    today = now().date()
    return request_export(
        by=hari,
        channel=channel,
        since=today - timedelta(days=2),
        until=today,
        purpose="investigation",
        reason=REASON,
        recipient="A solicitor",
    )


def _ended(as_role: AsRole) -> int:
    with as_role("worker"):
        return end_exports()


def test_one_that_was_handed_over_ends(
    export: Export, as_role: AsRole, hari: User, helen: User, tmp_path: Path
) -> None:
    approve_export(by=helen, number=export.number)
    with as_role("worker"):
        write_export(number=export.number, out=tmp_path / "bundle.zip")
    assert _ended(as_role) == 0
    shown = show_passphrase(by=hari, number=export.number)
    assert len(shown) > 15

    assert _ended(as_role) == 1
    assert _ended(as_role) == 0
    export.refresh_from_db()
    assert (export.generation_id, export.wrapped, export.sealed) == (None, None, None)
    with pytest.raises(RecordGone):
        passphrase_of(export)
    with as_role("worker"), pytest.raises(ExportEnded):
        write_export(number=export.number, out=tmp_path / "again.zip")
    entry = Entry.objects.get(action=Action.EXPORT_ENDED)
    assert entry.facts == {"number": export.number}
    page = client_of(hari).get(f"/records/exports/{export.number}/").content.decode()
    assert "the server has forgotten the passphrase" in page
    assert "Writing the bundle" not in page


def test_one_that_was_refused_ends(export: Export, as_role: AsRole, helen: User) -> None:
    refuse_export(by=helen, number=export.number)
    assert _ended(as_role) == 1


def test_one_that_nobody_fetched_ends_after_thirty_days(
    export: Export, as_role: AsRole, hari: User, helen: User
) -> None:
    approve_export(by=helen, number=export.number)
    Export.objects.filter(number=export.number).update(approved_at=now() - timedelta(days=29))
    assert _ended(as_role) == 0
    with as_role("owner"):
        Export.objects.filter(number=export.number).update(approved_at=now() - timedelta(days=31))
    assert _ended(as_role) == 1
    with pytest.raises(ExportEnded):
        show_passphrase(by=hari, number=export.number)


def test_one_that_waits_does_not_end(export: Export, as_role: AsRole) -> None:
    assert _ended(as_role) == 0
    assert passphrase_of(Export.objects.get(number=export.number))
