"""`export NUMBER --out FILE`: writes the bundle of an approved export."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retention.exceptions import RetentionError
from retention.exports.errors import ExportError
from retention.workers.writing import write_export


class Command(BaseCommand):
    """Refuses any export that two people have not agreed on."""

    help = "Write the bundle of an approved export, encrypted for its recipient."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The export's number, and where the bundle goes."""
        parser.add_argument("number", type=int, metavar="NUMBER")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *_args: Any, number: int, out: Path, **_options: Any) -> None:
        """Write it and say what is in it."""
        try:
            written = write_export(number=number, out=out)
        except (RetentionError, ExportError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{out}: {written.counts['messages']} messages")
        self.stdout.write(f"manifest {written.manifest_digest}")
        self.stdout.write(f"sha256 {written.sha256}")
