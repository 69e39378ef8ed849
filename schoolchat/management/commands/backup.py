"""`backup DIR --keyring DIR`: database and files, and apart from them the keyring."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolchat.backup.errors import BackupRefused
from schoolchat.backup.making import make_backup


class Command(BaseCommand):
    """While SchoolChat runs; prints the folder of the backup on standard output."""

    help = "Back up the database and the files, encrypted, and apart from them the keyring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two folders, and those that the keyring's copies went to before."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--keyring",
            type=Path,
            required=True,
            metavar="DIR",
            help="a folder elsewhere, for the keyring's backup",
        )
        parser.add_argument(
            "--former-keyring",
            type=Path,
            action="append",
            default=[],
            metavar="DIR",
            help="a folder that it went to before; what is too old in it goes, too",
        )

    def handle(
        self,
        *_args: Any,
        folder: Path,
        keyring: Path,
        former_keyring: Sequence[Path],
        **_options: Any,
    ) -> None:
        """Make one."""
        try:
            made = make_backup(folder, keyring_place=keyring, former=former_keyring)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        backup = made.backup
        self.stdout.write(
            f"{made.folder}: {backup.messages} messages, {backup.entries} entries of the log, "
            f"{backup.files} files; the keyring in {keyring / backup.name}"
        )
        if made.ended.pruned:
            self.stdout.write(
                f"Copies of the keyring that were too old are gone: {len(made.ended.pruned)}."
            )
        for sentence in made.ended.unsaid:
            self.stderr.write(sentence)
