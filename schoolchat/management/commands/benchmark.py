"""`manage.py benchmark`: how fast this installation is, on a school that is made up for it."""

import subprocess
import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schoolchat.serving.lifeline import TREE

PROGRAMS: Final = TREE / "benchmarks"
SHORT: Final = {
    # The room of 200 on the bare limit and on SchoolChat, in two or three minutes.
    "live": "--load room200 --server bare,schoolchat --seconds 3 --bisect 2 --tenth 20",
    # A small log, in about two minutes.
    "log": "--entries 200000 --messages 20000",
    # What is due of a small history, in about three minutes.
    "retention": "--messages 60000 --months 18",
    # A small history, in about three minutes.
    "search": "--messages 100000 --channels 80 --people 100",
}


class Command(BaseCommand):
    requires_system_checks = ()  # nothing of the installation's own is read or written
    help = "Measures this installation, in a temporary data folder of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", default="all", help=", ".join(SHORT))
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        what = options["what"]
        if what not in SHORT:
            known = " and ".join(f"'{name}'" for name in SHORT)
            raise CommandError(f"There is no benchmark '{what}' yet, only {known}.")
        if not (PROGRAMS / what).exists():
            raise CommandError(f"The benchmark's programs are not there: {PROGRAMS / what}.")
        command = [sys.executable, "-m", f"benchmarks.{what}", *SHORT[what].split()]
        command += ["--json"] if options["json"] else []
        command += [] if sys.stderr.isatty() else ["--silent"]
        if status := _run(command):
            raise SystemExit(status)  # it has said why


def _run(command: list[str]) -> int:
    """To its end; when we are ended first, it stops its servers and removes its folder."""
    with subprocess.Popen(command, cwd=TREE) as running:
        try:
            return running.wait()
        finally:
            running.terminate()
