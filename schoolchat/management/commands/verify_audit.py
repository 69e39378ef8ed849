"""`verify_audit`: recomputes the whole log and holds the record against it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from audit import keyring
from audit.checkpoints import newest_checkpoint
from audit.signed_head import SignedHead
from audit.verification.outside import NotACheckpoint, kept_checkpoint
from oversight.verification import Report, Scope, verify


class Command(BaseCommand):
    """Exits 0 when nothing was altered, else 1 and names what was, the first first."""

    help = "Recompute the audit log, and hold every message and certificate against it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--checkpoint",
            type=Path,
            metavar="FILE",
            help="a checkpoint that was kept elsewhere: prove that the log still contains it",
        )
        parser.add_argument(
            "--nightly",
            action="store_true",
            help="of the messages only those of the last 7 days and a thirtieth of the rest",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        outside = _outside(options["checkpoint"])
        scope = Scope.NIGHTLY if options["nightly"] else Scope.WHOLE
        report = verify(scope=scope, outside=outside)
        if options["json"]:
            self.stdout.write(orjson.dumps(_document(report)).decode())
        elif not report.problems:
            self._say(report, outside)
        if report.problems:
            raise CommandError("\n".join(report.problems))

    def _say(self, report: Report, outside: SignedHead | None) -> None:
        checkpoint = newest_checkpoint()
        self.stdout.write(
            f"ok: {report.entries} entries, {checkpoint.size if checkpoint else 0} of them under "
            f"the newest checkpoint; {report.versions} versions fit their commitments"
        )
        if outside:
            self.stdout.write(f"The checkpoint over {outside.size} entries is part of this log.")
        for line in report.notes:
            self.stdout.write(line)


def _outside(file: Path | None) -> SignedHead | None:
    if file is None:
        return None
    try:
        return kept_checkpoint(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read.") from error
    except NotACheckpoint as error:
        raise CommandError(str(error)) from error


def _document(report: Report) -> dict[str, object]:
    checkpoint = newest_checkpoint()
    return {
        "ok": not report.problems,
        "entries": report.entries,
        "versions": report.versions,
        "sealed": checkpoint.size if checkpoint else 0,
        "root": bytes(checkpoint.root).hex() if checkpoint else None,
        "public_key": keyring.ring().public_key.hex(),
        "problems": report.problems,
        "findings": [
            {"deed": one.deed, "leaf": one.leaf, "sentence": one.sentence}
            for one in report.findings
        ],
        "notes": report.notes,
    }
