"""`declare_restore`: the database was put back to a backup; the log says so and goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.restores import NothingToRestore, declare_restore
from audit.verification.outside import NotACheckpoint, kept_checkpoint


class Command(BaseCommand):
    """Begins a new log over the restored one, whose first entry says what came back."""

    help = "Declare that the database was restored from a backup, so that the log can go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint",
            type=Path,
            metavar="FILE",
            help="the newest checkpoint that anybody has kept",
        )

    def handle(self, *_args: Any, checkpoint: Path | None, **_options: Any) -> None:
        try:
            known = kept_checkpoint(checkpoint.read_text("utf-8")) if checkpoint else None
            entry = declare_restore(known=known)
        except (NotACheckpoint, NothingToRestore) as error:
            raise CommandError(str(error) or str(error.__doc__)) from error
        facts = entry.facts
        self.stdout.write(
            f"Declared: a backup of {facts['backup_size']} entries came back, and {facts['gap']} "
            f"entries that were signed for are gone. The log goes on as {facts['origin']}."
        )
