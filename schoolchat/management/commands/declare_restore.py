"""`declare_restore`: the database was put back to a backup; the log says so and goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.restores import NothingToRestore, declare_restore
from audit.signed_head import SignedHead, SignedHeadUnreadable, head_file
from audit.tiles import TileMissing
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
        known = _known(checkpoint) if checkpoint else None
        try:
            entry = declare_restore(known=known)
        except NothingToRestore as error:
            raise CommandError(str(error) or str(error.__doc__)) from error
        except SignedHeadUnreadable as error:
            raise CommandError(
                f"{error} It is {head_file()}. Once it is removed, name the newest checkpoint that "
                "was kept outside with --checkpoint."
            ) from error
        except TileMissing as error:
            raise CommandError(
                "The log that came back is not whole, and cannot be gone on with. Restore another "
                "backup; manage.py verify_audit says what this one lacks."
            ) from error
        facts = entry.facts
        self.stdout.write(
            f"Declared: a backup of {facts['backup_size']} entries came back, and {facts['gap']} "
            f"entries that were signed for are gone. The log goes on as {facts['origin']}."
        )


def _known(file: Path) -> SignedHead:
    """The head in a checkpoint that somebody kept."""
    try:
        return kept_checkpoint(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"{file} cannot be read. Name the file of a checkpoint, as it was sent or downloaded."
        ) from error
    except NotACheckpoint as error:
        raise CommandError(str(error)) from error
