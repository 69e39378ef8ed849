"""`create_token EMAIL [--json]`: an API token for `Authorization: Bearer`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import AccountsError
from accounts.models import User
from accounts.services.tokens import NewToken, create_token
from audit.clock import iso


class Command(BaseCommand):
    """In a demonstration or generated data at once; in a school its person confirms it first."""

    help = (
        "Prints an API token for Authorization: Bearer. In a school it opens nothing until its "
        "person has confirmed it under Your profile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The person, and what the token is called on their profile."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", default="Made on the command line")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print it once."""
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        try:
            made = create_token(by=None, person=person, name=options["name"])
        except AccountsError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(_as_json(made) if options["json"] else made.secret)
        if made.token.confirmed_at is None:
            self.stderr.write(
                f"{person.email} confirms it under Your profile before it opens anything."
            )


def _as_json(made: NewToken) -> str:
    return json.dumps(
        {
            "id": str(made.token.person_id),
            "email": made.token.person.email,
            "token": made.secret,
            "expires_at": iso(made.token.expires_at),
            "confirmed": made.token.confirmed_at is not None,
        }
    )
