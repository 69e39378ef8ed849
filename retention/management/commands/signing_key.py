"""`signing_key`: the public half of the school's signing key, which verify_export --key wants."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import keyring


class Command(BaseCommand):
    """Prints PEM, or writes it into a file."""

    help = "Print the public key against which exports and certificates are checked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it goes."""
        parser.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")

    def handle(self, *_args: Any, out: Path | None, **_options: Any) -> None:
        """Hand it out."""
        try:
            pem = keyring.ring().public_pem
        except keyring.KeyringError as error:
            raise CommandError(str(error)) from error
        if out is None:
            self.stdout.write(pem.decode(), ending="")
        else:
            out.write_bytes(pem)
