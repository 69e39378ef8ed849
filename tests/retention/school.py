"""A school on whose record everything can be done in a line, as the product does it and by whom it
lets do it, and put back whole.

Nothing is rolled back: what it does is committed, as it is in the product.
"""

import json
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from accounts.services.people import change_person
from audit import keyring
from audit.clock import now
from audit.signed_head import head_file
from messaging.models import Channel, Message
from messaging.services.channels import create_channel, open_direct
from retention import tasks
from retention.due.terms import Trigger
from retention.exceptions import NeedsAnother, NotFound, NotLonger, TakesTwo
from retention.models import Certificate, Hold, RecordsSettings
from retention.services.classes import approve_class, propose_class, set_record_class
from retention.services.dates import agree_to_date, set_trigger
from retention.services.holds import place_hold, release_hold
from retention.services.messages import reclass_message
from retention.services.policies import Rule, approve_rule, change_policy, propose_rule
from retention.showing_again import show_what_is_undue
from retention.workers.destroying import carry_out_approved, forget_opened_keys
from retention.workers.matching import match_open_holds
from tests import records
from tests.cast import enter
from tests.retention.model_rules import Rule as Wanted
from tests.retention.scenes import REASON, without_waiting
from tests.retention.school_desk import Desk
from tests.roles import acting_as
from tests.scenes import say
from tests.uploads import ids, uploaded

MEMBERS: Final = ("alice", "bob", "carol")
OFFICERS: Final = ("dana", "hari", "helen", "chris", "priya", "theo")
_KILLED_IN: Final = (
    "retention/workers/",
    "retention/journaling.py",
    "retention/keyring_move.py",
    "audit/keyring.py",
    "messaging/search/rebuild.py",
)


class Killed(BaseException):
    """What a SIGKILL looks like from inside."""


class School(Desk):
    """Its people by name, and what they do."""

    def __init__(self, kept: Path) -> None:
        """`kept` is a copy of the keyring, to be put back at the end."""
        self._kept = kept
        with acting_as("owner"):
            self.people = {name: enter(name) for name in (*MEMBERS, *OFFICERS)}
            without_waiting()

    def wait_as_long_as_is_usual(self) -> None:
        """Owners may object for ten school days, and an approval cools off for fourteen."""
        with acting_as("owner"):
            RecordsSettings.objects.all().delete()

    def close(self) -> None:
        """Leave nothing behind: neither rows nor keys nor the journal."""
        records.clean()
        shutil.copy(self._kept, keyring.keyring_file())
        (settings.KEYS_DIR / "holder").unlink(missing_ok=True)
        head_file().unlink(missing_ok=True)
        shutil.rmtree(settings.DATA_DIR / "journal", ignore_errors=True)
        forget()

    def channel(self, name: str, sent: datetime, **about: Any) -> Channel:
        """A channel of all members, begun long ago."""
        owner, *members = (self.people[one] for one in MEMBERS)
        with at(sent):
            return create_channel(by=owner, kind="private", name=name, members=members, **about)

    def direct(self, sent: datetime) -> Channel:
        """The direct conversation of the first two."""
        one, other = (self.people[name] for name in MEMBERS[:2])
        with at(sent):
            return open_direct(by=one, people=[other])

    def post(self, author: str, channel: UUID, text: str, sent: datetime) -> Message:
        with at(sent):
            return say(self.people[author], Channel.objects.get(pk=channel), text)

    def post_with_a_file(self, author: str, channel: UUID, text: str, sent: datetime) -> Message:
        person, where = self.people[author], Channel.objects.get(pk=channel)
        upload = uploaded(person, where)
        with at(sent):
            return say(person, where, text, uploads=ids(upload))

    def pass_on(self, author: str, message: UUID, channel: UUID, sent: datetime) -> Message:
        with at(sent):
            return say(self.people[author], Channel.objects.get(pk=channel), "", forward=message)

    def put_under(self, channel: UUID, record_class: str) -> bool:
        """By one person, where that keeps nothing less long, else by two; whether by one."""
        row = Channel.objects.get(pk=channel)
        said: dict[str, Any] = {"channel": row, "record_class": record_class, "reason": REASON}
        try:
            set_record_class(by=self.people["helen"], **said)
        except TakesTwo:
            number = propose_class(by=self.people["helen"], **said).number
            with pytest.raises(NeedsAnother):
                approve_class(by=self.people["helen"], number=number)
            approve_class(by=self.people["chris"], number=number)
            return False
        return True

    def change_rule(self, record_class: str, wanted: Wanted) -> bool:
        """The same of a rule."""
        rule = Rule(
            name=record_class,
            action=wanted.action,
            authority="Governors",
            trigger=Trigger(wanted.trigger),
            months=wanted.months,
            days=wanted.days,
        )
        said: dict[str, Any] = {"record_class": record_class, "rule": rule, "reason": REASON}
        try:
            change_policy(by=self.people["helen"], **said)
        except TakesTwo:
            number = propose_rule(by=self.people["helen"], **said).number
            with pytest.raises(NeedsAnother):
                approve_rule(by=self.people["helen"], number=number)
            approve_rule(by=self.people["chris"], number=number)
            return False
        return True

    def keep_longer(self, message: UUID, record_class: str) -> bool:
        """A class of its own for a message; whether it was allowed."""
        try:
            reclass_message(
                by=self.people["helen"],
                message_id=message,
                record_class=record_class,
                reason=REASON,
            )
        except (NotFound, NotLonger):
            return False
        return True

    def set_date(self, channel: UUID, on: date) -> None:
        """From which the channel's rule counts, if it asks for a date."""
        row = Channel.objects.get(pk=channel)
        set_trigger(by=self.people["helen"], channel=row, on=on, reason=REASON)

    def count_from(self, channel: UUID, name: str) -> None:
        """From the day on which that person leaves."""
        row, person = Channel.objects.get(pk=channel), self.people[name]
        set_trigger(by=self.people["helen"], channel=row, person=person, reason=REASON)

    def agree(self, channel: UUID, on: date | None) -> None:
        """By another person than who set it."""
        assert on is not None
        row = Channel.objects.get(pk=channel)
        with pytest.raises(NeedsAnother):
            agree_to_date(by=self.people["helen"], channel=row, on=on)
        agree_to_date(by=self.people["chris"], channel=row, on=on)

    def leave(self, name: str, on: date | None) -> None:
        """As it is known where accounts are kept; and the hour passes."""
        person = self.people[name]
        change_person(by=self.people["theo"], person_id=person.pk, changes={"leaving_on": on})
        with acting_as("worker"):
            show_what_is_undue()

    def hold(
        self,
        channels: Collection[UUID],
        people: Collection[UUID],
        since: date | None,
        until: date | None,
        words: str,
    ) -> Hold:
        return place_hold(
            by=self.people["dana"],
            kind="safeguarding",
            reason=REASON,
            review_on=(now() + timedelta(days=90)).date(),
            channels=list(Channel.objects.filter(pk__in=channels)),
            people=list(User.objects.filter(pk__in=people)),
            since=since,
            until=until,
            words=words,
        )

    def release(self, number: int) -> None:
        release_hold(by=self.people["helen"], number=number, reason=REASON)

    def do_jobs(self) -> None:
        """What waits for the worker: what the words of holds are found in, the search, and what
        members are told."""
        with acting_as("worker"):
            match_open_holds()
        jobs = (tasks.index_months, tasks.reindex_channels, tasks.announce)
        wanted = {task.name: task.func for task in jobs}
        with acting_as("owner"), connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY (%s)"
                " RETURNING task_name, args",
                [list(wanted)],
            )
            found = cursor.fetchall()
        with acting_as("worker"):
            for name, args in found:
                wanted[name](**(json.loads(args) if isinstance(args, str) else args))

    def carry_out(self) -> list[Certificate]:
        with acting_as("disposer"):
            return carry_out_approved()

    def die_carrying_out(self, calls: int) -> list[Certificate] | None:
        """Killed at that call of a function of what a disposal runs through; None where it was,
        its certificates where it had come to its end before."""
        with _dying(calls):
            try:
                return self.carry_out()
            except Killed:
                return None


@contextmanager
def _dying(calls: int) -> Iterator[None]:
    left = calls

    def count(frame: FrameType, event: str, _arg: object) -> None:
        nonlocal left
        if event == "call" and any(one in frame.f_code.co_filename for one in _KILLED_IN):
            left -= 1
            if not left:
                sys.settrace(None)
                raise Killed

    before = sys.gettrace()
    sys.settrace(count)
    try:
        yield
    finally:
        sys.settrace(before)


def forget() -> None:
    """What dies with a process: every key that it had opened."""
    keyring.forget()
    forget_opened_keys()


@contextmanager
def at(then: datetime) -> Iterator[None]:
    """What is posted, also by the product, is posted at that time."""
    with (
        patch("messaging.ingest.store.now", lambda: then),
        patch("messaging.services.positions.now", lambda: then),
    ):
        yield
