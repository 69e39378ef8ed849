"""`seal_log`: signs a checkpoint over the whole log, once or every minute."""

import signal
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from audit.checkpoints import sign_checkpoint, sign_gently

INTERVAL_SECONDS = 60


class Command(BaseCommand):
    """Seal what is committed and sign the head; with --every, again and again."""

    help = "Sign a checkpoint over the whole audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="go on, and sign every SECONDS"
        )

    def handle(self, *_args: Any, every: int | None = None, **_options: Any) -> None:
        if every is None:
            checkpoint = sign_checkpoint()
            self.stdout.write(f"size {checkpoint.size}" if checkpoint else "the log is empty")
            return
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            self._round()
            time.sleep(every)

    def _round(self) -> None:
        """One round; a database that is away is waited for."""
        close_old_connections()
        try:
            sign_gently()
        except OperationalError as error:
            self.stderr.write(f"not sealed yet: {error.__class__.__name__}")
