"""`manage.py serve`: the whole product."""

import os
from typing import Any, Final

from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandParser

from schoolchat.database.errors import SetUpError
from schoolchat.environment import text
from schoolchat.serving.product import Order, serve

_ADDRESS: Final = "SCHOOLCHAT_URL"
_QUIET: Final = "SCHOOLCHAT_QUIET"
#: Hosts to listen on under which this machine itself finds it as localhost.
_THIS_MACHINE: Final = {"127.0.0.1", "::1", "0.0.0.0", "::", "localhost"}  # noqa: S104


class Command(BaseCommand):
    requires_system_checks = ()  # see _check
    help = "Runs SchoolChat: the embedded database (unless DATABASE_URL is set), web and jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty database first")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0 picks a free one")
        parser.add_argument("--workers", type=int, default=1, help="web processes")

    def handle(self, *args: Any, **options: Any) -> None:
        remarks = _check()
        order = Order(
            data_dir=settings.DATA_DIR,
            host=options["host"],
            port=options["port"],
            workers=options["workers"],
            demo=options["demo"],
            remarks=remarks,
        )
        if order.demo:
            _give_address(order)
        serve(order)


def _check() -> list[str]:
    """What `check` warns of, a line each, which none of the processes that we start says again.

    What it finds wrong is one line, which is how every refusal to start is said.
    """
    found = [one for one in run_checks() if not one.is_silenced()]
    if wrong := [one for one in found if one.is_serious()]:
        raise SetUpError("; ".join(f"{one.msg} ({one.id})" for one in wrong))
    said = {one.id for one in found if one.id}
    os.environ[_QUIET] = " ".join(sorted(said.union(settings.SILENCED_SYSTEM_CHECKS)))
    return [f"warning: {one.msg} {one.hint or ''} ({one.id})" for one in found]


def _give_address(order: Order) -> None:
    """Have a demonstration's sheets and mails name where it is, unless somebody has said so.

    The processes that `serve` starts read it from the environment. Behind a proxy with TLS, and
    where a free port is still to be picked, it is not known here.
    """
    if text(_ADDRESS, "") or settings.HTTPS or not order.port:
        return
    host = "localhost" if order.host in _THIS_MACHINE else order.host
    os.environ[_ADDRESS] = f"http://{f'[{host}]' if ':' in host else host}:{order.port}"
