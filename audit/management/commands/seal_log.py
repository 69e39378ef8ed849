"""`seal_log`: seals the log and signs its head, once or for ever."""

import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.sealer import Sealer
from audit.signed_head import SignedHeadUnreadable, head_file
from audit.signing import LogRolledBack, sign_checkpoint
from audit.tiles import TileMissing


class Command(BaseCommand):
    """Seal what is committed and sign the head; with --every, go on and on."""

    help = "Seal the audit log and sign a checkpoint over it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="go on: seal within a second of each commit, and sign every SECONDS",
        )

    def handle(self, *_args: Any, every: int | None = None, **_options: Any) -> None:
        if every is None:
            self._once()
            return
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        Sealer(every).run()

    def _once(self) -> None:
        try:
            checkpoint = sign_checkpoint()
        except LogRolledBack as error:
            raise CommandError(str(error)) from error
        except SignedHeadUnreadable as error:
            raise CommandError(f"{error} It is {head_file()}.") from error
        except TileMissing as error:
            raise CommandError(
                "Leaves or tiles were taken out of the log, and nothing is signed over it. Run "
                "manage.py verify_audit, which says what was done, and restore the database."
            ) from error
        self.stdout.write(f"size {checkpoint.size}" if checkpoint else "the log is empty")
