"""`choose_presets NATION TYPE`: the retention rules that a school begins with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from retention.exceptions import RetentionError
from retention.presets import NATIONS, SCHOOL_TYPES
from retention.services.presets import choose_presets


class Command(BaseCommand):
    """Only at set-up: afterwards an approver does it under /records/."""

    help = "Choose the retention rules of a nation and a type of school, when a school is set up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The type, and the nation unless SCHOOLCHAT_NATION says it."""
        parser.add_argument("school_type", metavar="TYPE", choices=list(SCHOOL_TYPES))
        parser.add_argument("--nation", choices=list(NATIONS), default=settings.LOOK.nation)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say how many there are."""
        try:
            chosen = choose_presets(
                by=None,
                nation=options["nation"],
                school_type=options["school_type"],
                reason="Chosen when the school was set up.",
            )
        except RetentionError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"{len(chosen.changed)} rules changed. Every preset has to be checked with your DPO:"
            " under /records/policies/."
        )
