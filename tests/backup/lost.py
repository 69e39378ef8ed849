"""A school whose server is lost after disposals: what was backed up, and what has to come back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.core.management import call_command

from audit.journal.shipping import ship
from audit.signing import sign_checkpoint
from messaging.files import storing
from messaging.files.attached import attachments_in
from messaging.models import Message, MessageVersion
from messaging.vault.versions import open_version
from oversight.verification import verify
from retention.workers.destroying import carry_out_approved
from schoolchat.backup.making import make_backup

if TYPE_CHECKING:
    from tests.backup.conftest import Places

type AsRole = Callable[[str], AbstractContextManager[None]]

SURVIVES: Final = "The pelican stays"
YOUNG: Final = "Young enough"


class Lost:
    """`older` and `newer` are its two backups; `left` are the ids that it had at the end."""

    def __init__(self, places: "Places", as_role: AsRole) -> None:
        self.places, self.as_role = places, as_role
        self.older = self.newer = Path()
        self.picture = b""
        self.left: set[object] = set()
        self.disposed = 0

    def back_up(self) -> Path:
        """As it is in the night."""
        with self.as_role("sealer"):
            sign_checkpoint()
        with self.as_role("backup"):
            return make_backup(self.places.rows, keyring_place=self.places.keys).folder

    def dispose(self) -> None:
        """Carry out what is approved, with the journal outside."""
        with self.as_role("disposer"):
            certificates = carry_out_approved()
        with self.as_role("worker"):
            ship()
        self.disposed += sum(one.document["messages"] for one in certificates)
        self.left = set(Message.objects.values_list("id", flat=True))

    def restore(self, backup: Path) -> None:
        """By the command, with the newest keyring; it fails where anything is wrong."""
        places = self.places
        call_command(
            "restore", str(backup), keyring=places.keys, journal=str(places.journal), json=True
        )

    def assert_as_it_was(self) -> None:
        """What was disposed of is gone; everything else is there and opens, with its file."""
        assert set(Message.objects.values_list("id", flat=True)) == self.left
        versions = MessageVersion.objects.select_related("message", "key")
        bodies = [open_version(one) for one in versions.filter(message__kind="text")]
        assert {body.text for body in bodies} == {SURVIVES, YOUNG}
        files = [file for body in bodies for file in attachments_in(body.details)]
        assert [b"".join(storing.bytes_of(file)) for file in files] == [self.picture]
        assert verify().problems == ()
