"""`apply_retention`: proposes what is due, and disposes only of what has been approved."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retention.exceptions import RetentionError
from retention.models import Certificate, Disposal
from retention.proposing.due import Due, what_is_due
from retention.services.disposals import propose_disposals
from retention.workers.certifying import certify_beyond_use
from retention.workers.destroying import carry_out_approved


class Command(BaseCommand):
    """What is due for disposal; without --dry-run, disposes of what is approved."""

    help = "Propose what is due for disposal, and dispose of what a second person has approved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two switches."""
        parser.add_argument("--dry-run", action="store_true", help="only list what is due")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *_args: Any, dry_run: bool, json: bool, **_options: Any) -> None:
        """List, or carry out and propose."""
        try:
            report = _report([], []) if dry_run else self._apply()
        except RetentionError as error:
            raise CommandError(str(error)) from error
        self._print(report, as_json=json)

    def _apply(self) -> dict[str, Any]:
        certificates = carry_out_approved(progress=self._progress)
        certify_beyond_use()
        return _report(certificates, propose_disposals(by=None))

    def _progress(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line)

    def _print(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        for certificate in report["certificates"]:
            self.stdout.write(
                "Disposal {disposal}: {messages} messages disposed of,"
                " certificate {certificate}".format(**certificate)
            )
        for proposal in report["proposed"]:
            self.stdout.write(
                "Disposal {disposal}: {due} messages proposed,"
                " waits for approval under /records/".format(**proposal)
            )
        for due in report["due"]:
            self.stdout.write(_line(due))


def _report(certificates: list[Certificate], proposed: list[Disposal]) -> dict[str, Any]:
    return {
        "certificates": [
            {key: c.document[key] for key in ("certificate", "disposal", "messages", "versions")}
            for c in certificates
        ],
        "proposed": [
            {"disposal": d.number, "class": d.record_class, "due": d.due, "held": d.held}
            for d in proposed
        ],
        "due": [_due(due) for due in what_is_due()],
        "waiting": list(
            Disposal.objects.filter(state=Disposal.State.PROPOSED)
            .order_by("number")
            .values_list("number", flat=True)
        ),
    }


def _due(due: Due) -> dict[str, Any]:
    return {
        "class": due.record_class,
        "action": due.policy.action,
        "months": due.policy.months,
        "days": due.policy.days,
        "before": due.before.isoformat(),
        "due": due.due,
        "excluded": {"held": due.held},
    }


def _line(due: dict[str, Any]) -> str:
    held = due["excluded"]["held"]
    excluded = f", {held} more are held" if held else ""
    return (
        f"{due['class']}: {due['due']} messages from before {due['before']} are due to"
        f" {due['action']}{excluded}"
    )
