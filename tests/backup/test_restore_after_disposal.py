"""A backup of before a disposal, restored with the journal and a keyring of after it, or before."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.test import override_settings

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.journal.places import Folder
from audit.journal.shipping import ship
from audit.models import Generation
from audit.signing import sign_checkpoint
from messaging.models import Message, MessageVersion
from messaging.vault.versions import open_version
from oversight.verification import verify
from retention.models import Hold
from retention.workers.destroying import carry_out_approved
from schoolchat.backup.making import make_backup
from schoolchat.restore.restoring import restore
from tests.backup.conftest import Elsewhere, Places
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, approved, held, past_channel
from tests.scenes import channel_of, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

type AsRole = Callable[[str], AbstractContextManager[None]]

SURVIVES, YOUNG = "The pelican stays", "Young enough"


class Lost:
    """A school whose server is lost after a disposal; `older` and `newer` are its two backups."""

    def __init__(self, places: Places, as_role: AsRole) -> None:
        self.places, self._as_role = places, as_role
        self.older = self.newer = Path()
        self.left: set[object] = set()
        self.disposed = 0

    def back_up(self) -> Path:
        with self._as_role("sealer"):
            sign_checkpoint()
        with self._as_role("backup"):
            return make_backup(self.places.rows, keyring_place=self.places.keys).folder


@pytest.fixture
def lost(
    elsewhere: Elsewhere,
    places: Places,
    at: Clock,
    as_role: AsRole,
    alice: User,
    bob: User,
    carol: User,
    dana: User,
    hari: User,
    helen: User,
    theo: User,
) -> Lost:
    school = Lost(places, as_role)
    with override_settings(JOURNAL=places.journal):
        past = past_channel(at, alice, bob)
        with at(PAST):
            say(bob, past, SURVIVES)
        say(alice, channel_of(alice, bob, name="Young"), YOUNG)
        school.older = school.back_up()

        held(dana, people=[bob])
        deactivate_person(by=theo, person_id=carol.pk, reason=REASON)
        approved(hari, helen)
        with as_role("disposer"):
            (certificate,) = carry_out_approved()
        with as_role("worker"):
            ship()
        school.disposed = certificate.document["messages"]
        school.left = set(Message.objects.values_list("id", flat=True))
        school.newer = school.back_up()
    return school


def _as_it_was(lost: Lost, carol: User) -> None:
    """What was disposed of is gone, everything else is there and opens, and who left is out."""
    assert set(Message.objects.values_list("id", flat=True)) == lost.left
    versions = MessageVersion.objects.select_related("message", "key")
    words = {open_version(one).text for one in versions.filter(message__kind="text")}
    assert words == {SURVIVES, YOUNG}
    assert Message.objects.filter(out_of_view=True).count() == 1
    assert Hold.objects.filter(released_at=None).count() == 1
    assert not User.objects.get(pk=carol.pk).is_active
    assert verify().problems == ()


@pytest.mark.database_role("owner")
@pytest.mark.parametrize("keyring", ["newer", "older"])
def test_what_was_disposed_of_stays_gone_and_what_was_held_opens(
    elsewhere: Elsewhere, lost: Lost, carol: User, keyring: str
) -> None:
    """With the keyring of before the disposal, the journal alone keeps it gone."""
    keys = lost.places.keys / getattr(lost, keyring).name
    with elsewhere():
        restored = restore(lost.older, keyring_place=keys, journal=Folder(lost.places.journal))
        assert restored.problems == ()
        assert restored.replayed.messages == lost.disposed > 0
        _as_it_was(lost, carol)
        assert Generation.objects.count() == 1


@pytest.mark.database_role("owner")
def test_a_restore_that_was_ended_goes_on(
    elsewhere: Elsewhere, lost: Lost, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Folder(lost.places.journal)
    with elsewhere():
        for step in ("_put_keyring", "put_files", "_declare", "_end"):
            with monkeypatch.context() as patch:
                patch.setattr(f"schoolchat.restore.restoring.{step}", _end_here)
                with pytest.raises(KeyboardInterrupt):
                    restore(lost.older, keyring_place=lost.places.keys, journal=journal)
        restored = restore(lost.older, keyring_place=lost.places.keys, journal=journal)
        assert restored.problems == ()
        _as_it_was(lost, carol)


def _end_here(*_args: object, **_options: object) -> None:
    raise KeyboardInterrupt
