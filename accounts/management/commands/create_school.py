"""`create_school NAME --admin EMAIL --second EMAIL`: a real installation's first run."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from accounts.errors import AccountsError
from accounts.queries import provenance
from accounts.recovery import recovery_sheet, words_match
from accounts.services.people import Invited
from accounts.services.school import create_school
from audit.keyring import KeyringError, master_key

TRIES = 3


class Command(BaseCommand):
    """Two people, so that nobody grants sensitive roles alone; and the master key on paper."""

    help = (
        "Sets up a school: prints the recovery sheet of the master key, asks for its check words, "
        "and invites two people, who grant roles only together."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The school and its first two people."""
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="asks for roles")
        parser.add_argument("--second", required=True, metavar="EMAIL", help="grants them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing is made before the check words have been typed back."""
        _check(options["admin"], options["second"])
        self._put_on_paper()
        try:
            school = create_school(
                school_name=options["name"], admin=options["admin"], second=options["second"]
            )
        except AccountsError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"\n{options['name']} is set up. Two invitations, shown once:\n")
        self._invitation(school.first, "looks after accounts and asks for roles")
        self._invitation(school.second, "approves what somebody else has asked for")

    def _put_on_paper(self) -> None:
        try:
            key = master_key()
        except KeyringError as missing:
            raise CommandError(str(missing)) from None
        self.stdout.write(
            "Recovery sheet of the master key. Write or print it and lock it away; without the\n"
            "key nothing in SchoolChat can be read, by anybody, ever.\n"
        )
        for number, line in enumerate(recovery_sheet(key), start=1):
            self.stdout.write(f"  {number}   {line.digits}   {line.word}")
        for _ in range(TRIES):
            if words_match(key, _ask("\nType the four words at the ends of the lines: ")):
                return
            self.stderr.write("Those are not the four words.")
        raise CommandError("Nothing was set up: the check words were not typed back.")

    def _invitation(self, invited: Invited, does: str) -> None:
        path = reverse("accounts_invitation", args=[invited.secret])
        self.stdout.write(f"  {invited.person.email} ({does})")
        self.stdout.write(f"    {settings.PUBLIC_URL.rstrip('/')}{path}")


def _check(admin: str, second: str) -> None:
    """What would refuse it anyway, said before anybody writes a sheet."""
    if provenance() is not None:
        raise CommandError("This database already holds a school.")
    if admin.strip().lower() == second.strip().lower():
        raise CommandError("Name two different people: nobody may grant sensitive roles alone.")
    for address in (admin, second):
        try:
            validate_email(address.strip())
        except ValidationError:
            raise CommandError(f"{address} is not an e-mail address.") from None


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        return ""
