"""`import_whatsapp`: a WhatsApp group export into the record."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from audit.clock import iso
from messaging.exceptions import MessagingError
from messaging.imports.whatsapp.errors import WhatsAppError
from messaging.imports.whatsapp.parse import Export, parse
from messaging.models import Channel
from messaging.services.channels import create_channel
from messaging.services.imports import import_whatsapp


class Command(BaseCommand):
    """Read the file, find the channel, import all of it or nothing."""

    help = "Import a WhatsApp group export (.txt or .zip) into a channel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", required=True, help="the channel's name")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; owns a new channel")
        parser.add_argument("--date-order", choices=["dmy", "mdy", "ymd"])
        parser.add_argument("--timezone", default="Europe/London")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        export = _parse(options["file"], options["date_order"])
        zone = _zone(options["timezone"])
        by = _person(options["by"]) if options["by"] else None
        if options["dry_run"]:
            self._say(options, _summary(export))
            return
        try:
            with transaction.atomic():  # a channel that is made for it goes with it
                channel = _channel(options["channel"], by)
                done = import_whatsapp(export, channel=channel, by=by, timezone=zone)
        except MessagingError as refused:
            raise CommandError(str(refused)) from None
        self._say(
            options,
            {
                **_summary(export),
                "import": str(done.id),
                "channel": str(done.channel),
                "first": iso(done.first),
                "last": iso(done.last),
            },
        )

    def _say(self, options: dict[str, Any], said: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(orjson.dumps(said).decode())
            return
        verb = "imported" if "import" in said else "would import"
        self.stdout.write(
            f"{verb} {said['messages']} messages into {options['channel']} "
            f"({said['platform']}, dates read as {said['date_order']})"
        )


def _summary(export: Export) -> dict[str, Any]:
    return {
        "messages": len(export.messages),
        "platform": export.platform,
        "date_order": export.date_order,
        "sha256": export.sha256,
    }


def _parse(file: Path, date_order: Any) -> Export:
    try:
        return parse(file.read_bytes(), file_name=file.name, date_order=date_order)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except WhatsAppError as refused:
        raise CommandError(str(refused)) from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"There is no time zone called {name}.") from None


def _person(email: str) -> User:
    person = User.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"There is no open account with the address {email}.")
    return person


def _channel(name: str, by: User | None) -> Channel:
    """The channel of that name; a new private one of `by` when there is none."""
    found = list(Channel.objects.filter(name__iexact=name, archived_at=None)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"There is more than one channel called {name}. Rename one first.")
    if by is None:
        raise CommandError(
            f"There is no channel called {name}. Make it in the chat, or name its owner with --by."
        )
    return create_channel(by=by, kind=Channel.Kind.PRIVATE, name=name)
