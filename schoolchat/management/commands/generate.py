"""`generate`: a synthetic history, fast, for load and search tests."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from accounts.services.tokens import create_token
from audit.clock import now
from schoolchat.synthetic.classes import demo_mix, spread
from schoolchat.synthetic.history import Made, SomebodyElses, generate
from schoolchat.synthetic.plan import Shape

_DEFAULT_MEMBERS = 30


class Command(BaseCommand):
    """People, channels and messages of a school that never was."""

    help = "Write a synthetic history into an empty (or generated) database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--messages", type=_whole, required=True)
        parser.add_argument("--channels", type=_whole, default=20)
        parser.add_argument("--people", type=_whole, default=60)
        parser.add_argument("--members", type=_whole, help="in each channel")
        parser.add_argument("--months", type=_whole, default=24)
        parser.add_argument("--classes", choices=("routine", "demo"), default="routine")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--tokens", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        people = options["people"]
        shape = Shape(
            messages=options["messages"],
            people=people,
            channels=options["channels"],
            members=min(options["members"] or _DEFAULT_MEMBERS, people),
            months=options["months"],
            ends=now(),
            classes=_classes(options["classes"], options["channels"]),
        )
        if len(shape.direct) >= people:
            raise CommandError("So many conversations of two need more people.")
        try:
            made = generate(shape, options["seed"], self._progress(shape.messages))
        except SomebodyElses as refused:
            raise CommandError(str(refused)) from None
        if options["tokens"]:
            _write_tokens(options["tokens"], made)
        self.stdout.write(
            f"generated {shape.messages} messages of {people} people in {shape.channels} channels"
        )
        self.stdout.write(f"password: {made.password}")

    def _progress(self, total: int) -> Any:
        """Tells how far it is, on a terminal only."""

        def say(done: int) -> None:
            if sys.stderr.isatty():
                self.stderr.write(f"\r{done:>10,} of {total:,}", ending="")

        return say


def _write_tokens(file: Path, made: Made) -> None:
    with file.open("wb") as out:
        for number, person in enumerate(made.people):
            token = create_token(by=None, person=person, name="generated")
            line = {
                "email": person.email,
                "id": str(person.id),
                "token": token.secret,
                "channels": [str(channel) for channel in made.channels_of(number)],
            }
            out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _classes(which: str, channels: int) -> tuple[str, ...]:
    return spread(demo_mix(), channels) if which == "demo" else ()


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be at least 1")
    return number
