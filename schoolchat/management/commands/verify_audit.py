"""`verify_audit`: recomputes the whole log and holds the record against it."""

from argparse import ArgumentParser
from itertools import chain, islice
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from audit import keyring
from audit.checkpoints import newest_checkpoint
from audit.models import Entry
from audit.verify import wrong_log
from messaging.verify import wrong_content

_MOST_NAMED = 100


class Command(BaseCommand):
    """Exits 0 when nothing was altered, else 1 and names what was."""

    help = "Recompute the audit log, and hold every message against it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        problems = list(islice(chain(wrong_log(), wrong_content()), _MOST_NAMED))
        checkpoint = newest_checkpoint()
        report = {
            "ok": not problems,
            "entries": Entry.objects.count(),
            "sealed": checkpoint.size if checkpoint else 0,
            "root": bytes(checkpoint.root).hex() if checkpoint else None,
            "public_key": keyring.ring().public_key.hex(),
            "problems": problems,
        }
        if options["json"]:
            self.stdout.write(orjson.dumps(report).decode())
        elif not problems:
            self.stdout.write(
                f"ok: {report['entries']} entries, {report['sealed']} of them under the newest "
                "checkpoint; every message fits its commitment"
            )
        if problems:
            raise CommandError("\n".join(problems))
