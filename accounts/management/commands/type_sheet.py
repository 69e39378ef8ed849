"""`type_sheet`: the master key from its recovery sheet into its file, before a restore."""

import base64
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.recovery import LINES, quarter_of
from audit.keyring import replace_file

TRIES = 3


class Command(BaseCommand):
    """Line by line: whoever mistypes one is asked for that one again."""

    help = "Type in the recovery sheet of the master key, on a machine that has none yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Nothing is written before all of it is right."""
        file = Path(settings.MASTER_KEY_FILE)
        if settings.MASTER_KEY or file.exists():
            raise CommandError(
                "There is a master key here already: name an empty folder in SCHOOLCHAT_DATA."
            )
        self.stdout.write("Type each line of the sheet, with the word at its end.\n")
        key = b"".join(self._line(number) for number in range(LINES))
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(file, base64.b64encode(key).decode())
        self.stdout.write(f"The master key is in {os.fspath(file)}.")

    def _line(self, number: int) -> bytes:
        for _ in range(TRIES):
            if part := quarter_of(number, _ask(f"  {number + 1}   ")):
                return part
            self.stderr.write("That line and its word do not belong together. Once more:")
        raise CommandError("Nothing was written: a line was not typed as it stands on the sheet.")


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        return ""
