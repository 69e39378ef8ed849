"""A backup of before disposals, restored with the journal and a keyring of after, or before."""

import pytest

from accounts.models import User
from audit.journal.places import Folder
from audit.models import Generation
from messaging.models import Message
from retention.models import Certificate, Hold, LostCertificate
from schoolchat.restore.restoring import restore
from tests.backup.conftest import Elsewhere
from tests.backup.lost import Lost

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def _as_it_was(lost: Lost, carol: User) -> None:
    """What was disposed of is gone, everything else is there and opens, and who left is out."""
    lost.assert_as_it_was()
    assert Message.objects.filter(out_of_view=True).count() == 1
    assert Hold.objects.filter(released_at=None).count() == 1
    assert not User.objects.get(pk=carol.pk).is_active


@pytest.mark.database_role("owner")
@pytest.mark.parametrize("keyring", ["newer", "older"])
def test_what_was_disposed_of_stays_gone_and_what_was_held_opens(
    elsewhere: Elsewhere, lost: Lost, carol: User, keyring: str
) -> None:
    """With the keyring of before the disposal, the journal alone keeps it gone."""
    keys = lost.places.keys / getattr(lost, keyring).name
    issued = dict(Certificate.objects.values_list("number", "sha256"))
    with elsewhere():
        restored = restore(lost.older, keyring_place=keys, journal=Folder(lost.places.journal))
        assert restored.problems == ()
        assert restored.replayed.messages == lost.disposed > 0
        _as_it_was(lost, carol)
        assert Generation.objects.count() == 1
        listed = LostCertificate.objects.all()
        assert {one.number: one.sha256 for one in listed} == issued
        assert {one.document is not None for one in listed} == {keyring == "newer"}


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


@pytest.mark.database_role("owner")
def test_what_a_disposal_left_opens_after_a_second_restore(
    elsewhere: Elsewhere, elsewhere_again: Elsewhere, lost: Lost, carol: User
) -> None:
    """What the first restore knows of the disposal, it knows from the journal alone."""
    with elsewhere():
        lost.restore(lost.older)
        between = lost.back_up()
    with elsewhere_again():
        lost.restore(lost.older)
        _as_it_was(lost, carol)
        assert LostCertificate.objects.exclude(document__isnull=True).count() == 2
    assert between.name > lost.newer.name
