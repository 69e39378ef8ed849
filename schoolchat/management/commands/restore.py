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
from schoolchat.restore.report import report
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
        else:
            self.stdout.write("\n".join(report(found)))
        if found.problems:
            raise CommandError("\n".join(found.problems))

    def _say(self, line: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(line)
