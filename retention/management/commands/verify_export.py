"""`verify_export`: checks a bundle offline; for whoever receives one, and for the school."""

import getpass
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retention.exports.errors import ExportError, PassphraseNeeded
from retention.exports.signature import read_public_key
from retention.exports.verify import Report, verify_bundle


class Command(BaseCommand):
    """Needs no database: a solicitor has none."""

    help = "Check an export bundle: encrypted, decrypted or unpacked."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bundle", type=Path, metavar="BUNDLE")
        parser.add_argument(
            "--key", type=Path, metavar="FILE", help="the school's public key, from the school"
        )
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="its first line opens the bundle"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(
        self,
        *_args: Any,
        bundle: Path,
        key: Path | None = None,
        passphrase_file: Path | None = None,
        json: bool = False,
        **_options: Any,
    ) -> None:
        try:
            public_key = read_public_key(key.read_bytes()) if key else None
            report = _verified(bundle, _first_line(passphrase_file), public_key)
        except ExportError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read.") from None
        self._show(report, as_json=json)
        if not report.ok:
            sys.exit(1)

    def _show(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(_json(report))
        elif report.ok:
            self.stdout.write(f"{_sizes(report)}: intact, and signed with the key you gave.")
        elif report.intact:
            self.stderr.write(
                f"{_sizes(report)}: intact, but the signer is not checked. Give the school's "
                f"public key with --key. Fingerprint: {report.fingerprint}"
            )
        else:
            self.stderr.write(f"Refused: {' '.join(report.problems)}")


def _verified(bundle: Path, passphrase: str | None, public_key: bytes | None) -> Report:
    """Ask for the passphrase only where one is needed and somebody is there to answer."""
    try:
        return verify_bundle(bundle, passphrase=passphrase, public_key=public_key)
    except PassphraseNeeded:
        if not sys.stdin.isatty():
            raise
    typed = getpass.getpass("Passphrase: ")
    return verify_bundle(bundle, passphrase=typed, public_key=public_key)


def _first_line(file: Path | None) -> str | None:
    if file is None:
        return None
    lines = file.read_text("utf-8-sig", errors="replace").splitlines()
    return lines[0].strip() if lines else ""


def _sizes(report: Report) -> str:
    return f"{report.counts.get('messages', 0)} messages in {report.counts.get('files', 0)} files"


def _json(report: Report) -> str:
    return json.dumps(
        {
            "ok": report.ok,
            "intact": report.intact,
            "signer_checked": report.signer_checked,
            "fingerprint": report.fingerprint,
            "problems": list(report.problems),
            "counts": dict(report.counts),
        },
        indent=2,
    )
