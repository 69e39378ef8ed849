"""`fill_demo`: the demonstration school into an empty database (`serve --demo` calls it)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolchat.demo.filling import NotEmpty, fill
from schoolchat.demo.school import CAST, PEOPLE


class Command(BaseCommand):
    """Fill, and print how to get in."""

    help = "Fill an empty database with a believable demonstration school."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            envelope = fill()
        except NotEmpty as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"demo password: {envelope.password}")
        for person in PEOPLE:
            if person.key in CAST:
                self.stdout.write(f"  {person.email:<40} {person.name}, {CAST[person.key]}")
        self.stdout.write(
            f"approved export: number {envelope.export}, passphrase {envelope.passphrase}"
        )
