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
#: Hosts to listen on under which this machine itself finds it as localhost.
_THIS_MACHINE: Final = {"127.0.0.1", "::1", "0.0.0.0", "::", "localhost"}  # noqa: S104


class Command(BaseCommand):
    requires_system_checks = ()  # see _refuse_errors
    help = "Runs SchoolChat: the embedded database (unless DATABASE_URL is set), web and jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty database first")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0 picks a free one")
        parser.add_argument("--workers", type=int, default=1, help="web processes")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_errors()
        order = Order(
            data_dir=settings.DATA_DIR,
            host=options["host"],
            port=options["port"],
            workers=options["workers"],
            demo=options["demo"],
        )
        if order.demo:
            _give_address(order)
        serve(order)


def _refuse_errors() -> None:
    """What `check` finds wrong, as one line, which is how every refusal to start is said."""
    wrong = [found for found in run_checks() if found.is_serious()]
    if wrong:
        raise SetUpError("; ".join(f"{found.msg} ({found.id})" for found in wrong))


def _give_address(order: Order) -> None:
    """Have a demonstration's sheets and mails name where it is, unless somebody has said so.

    The processes that `serve` starts read it from the environment. Behind a proxy with TLS, and
    where a free port is still to be picked, it is not known here.
    """
    if text(_ADDRESS, "") or settings.HTTPS or not order.port:
        return
    host = "localhost" if order.host in _THIS_MACHINE else order.host
    os.environ[_ADDRESS] = f"http://{f'[{host}]' if ':' in host else host}:{order.port}"
