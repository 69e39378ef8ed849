"""`restore DIR --keyring DIR --journal FILE`: a backup becomes an installation again."""

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from schoolchat.backup.errors import BackupRefused
from schoolchat.restore.checking import journal_at
from schoolchat.restore.drill import Drilled, drill
from schoolchat.restore.restoring import Restored, restore


class Command(BaseCommand):
    """Onto an empty installation that is not served, with the school's own master key in place."""

    help = "Restore a backup onto an empty installation, and take away what was disposed of since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where everything is."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keyring", type=Path, required=True, metavar="DIR")
        parser.add_argument("--journal", required=True, metavar="FILE")
        parser.add_argument(
            "--checkpoint",
            type=Path,
            metavar="FILE",
            help="the newest checkpoint that anybody has kept",
        )
        parser.add_argument(
            "--verify", action="store_true", help="only try it out, beside everything"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, or drill, and say what came back; what is wrong with it fails the command."""
        try:
            where = {
                "keyring_place": options["keyring"],
                "journal": journal_at(options["journal"]),
                "checkpoint": options["checkpoint"],
            }
            if options["verify"]:
                found: Restored | Drilled = drill(options["folder"], **where)
            else:
                found = restore(options["folder"], say=self._say, **where)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(orjson.dumps(asdict(found)).decode())
        elif not found.problems:
            self.stdout.write(_said(found))
        if found.problems:
            raise CommandError("\n".join(found.problems))

    def _say(self, line: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(line)


def _said(found: Restored | Drilled) -> str:
    counts = (
        f"{found.messages} messages, {found.entries} entries of the log and {found.files} files"
    )
    if isinstance(found, Drilled):
        return (
            f"ok: the backup {found.backup} can be restored, with {counts}; all "
            f"{found.versions} versions fit their commitments. Nothing was touched."
        )
    again = found.replayed
    return (
        f"ok: {counts} are back; {found.gap} entries that were signed for are gone. The log goes "
        f"on as {found.origin}. Since the backup {again.holds} holds were placed and "
        f"{again.released} released, {again.accounts} accounts closed, {again.roles} roles ended "
        f"and {again.messages} messages disposed of: all of it is so again."
    ) + (
        f" Of {again.unclear} parts of disposals nobody knows whether they were carried out: they "
        "wait under Records."
        if again.unclear
        else ""
    )
