"""What is done at random to a school's record, and to the model of it: by members, to rules and
classes, and to holds. `tests.retention.machine_disposing` has the disposals.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from audit.clock import now
from messaging.exceptions import AlreadyDeleted, MessageNotFound, NotYourWords
from messaging.models import Message as MessageRow
from messaging.services.messages import delete_message, edit_message
from messaging.vault.versions import open_version
from retention.models import Hold as HoldRow
from retention.queries.rules import policy_of
from tests.retention import stands
from tests.retention.model import Channel, Hold, Message, Model
from tests.retention.model_rules import Rule
from tests.retention.school import MEMBERS, School

CLASSES: Final = ("routine", "ephemeral", "slt", "recruitment", "direct")
_MONTHS_AGO: Final = (0, 4, 12, 13, 14, 14, 38)

DATED: Final = ("set", "leaving", "closure")

#: What holds by words look for.
SOUGHT: Final = "marmalade"

classes = st.sampled_from(CLASSES)
_kinds = {
    "action": st.sampled_from(("dispose", "dispose", "dispose", "review")),
    "trigger": st.sampled_from(
        ("message", "message", "message", "academic_year", "calendar_year", *DATED)
    ),
}
rules = st.one_of(
    st.builds(Rule, months=st.integers(1, 14), **_kinds),
    st.builds(Rule, days=st.integers(1, 200), **_kinds),
)


def times(today: date) -> st.SearchStrategy[datetime]:
    """Beginnings, ends and middles of months, up to the present one."""

    def moment(ago: int, part: float) -> datetime:
        month = today.year * 12 + today.month - 1 - ago
        first = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        after = datetime((month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
        at = (first + (after - first) * part).replace(microsecond=0)
        return min(at, now() - timedelta(hours=1))

    return st.builds(moment, st.sampled_from(_MONTHS_AGO), st.sampled_from((0.0, 0.5, 0.9999999)))


@contextmanager
def refused(error: type[Exception], if_so: bool) -> Iterator[None]:
    """That error is raised where it is so, and only there."""
    if if_so:
        with pytest.raises(error):
            yield
    else:
        yield


class Machine(RuleBasedStateMachine):
    """Each rule does something to the school and says to the model what has to come of it."""

    kept: Path
    """A copy of the keyring."""

    def __init__(self) -> None:
        super().__init__()
        self.school = School(self.kept)
        self.model = Model(today=now().date())
        self.numbers = count(1)

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for name in CLASSES:
            found = policy_of(name)
            self.model.rules[name] = Rule(
                action=found.action, trigger=found.trigger, months=found.months, days=found.days
            )
        for channel in (
            self.school.channel("One", self.time(data)),
            self.school.channel("Two", self.time(data), record_class="ephemeral"),
            self.school.channel("Three", self.time(data), sensitive=True),
            self.school.direct(self.time(data)),
        ):
            people = channel.memberships.values_list("person", flat=True)
            self.model.channels[channel.id] = Channel(
                id=channel.id,
                record_class=channel.record_class,
                people=frozenset(people if channel.kind == "direct" else ()),
                sensitive=channel.sensitive,
            )
        for row in MessageRow.objects.all():
            self.learn(row, is_system=True)
        for _ in range(data.draw(st.integers(4, 12))):
            self.post(data)

    def learn(self, row: MessageRow, *, is_system: bool = False) -> None:
        """A message that is there, whose id, time and words are taken over from it."""
        version = row.versions.select_related("message", "key").get()
        assert row.author_id is not None
        self.model.messages[row.id] = Message(
            id=row.id,
            channel=row.channel_id,
            author=row.author_id,
            sent=row.sent_at,
            is_system=is_system,
            versions=[open_version(version).text],
            files=frozenset(row.attachments.values_list("file", flat=True)),
        )
        self.model.sizes |= row.attachments.values_list("file", "file__size")

    def time(self, data: st.DataObject) -> datetime:
        return data.draw(times(self.model.today))

    def channel(self, data: st.DataObject) -> Channel:
        return data.draw(st.sampled_from(list(self.model.channels.values())))

    def message(self, data: st.DataObject) -> Message:
        """One that people wrote, in view or not."""
        return data.draw(st.sampled_from(self.written))

    @property
    def written(self) -> list[Message]:
        return [one for one in self.model.messages.values() if not one.is_system]

    def words(self) -> str:
        """The hold's word stands in some."""
        number = next(self.numbers)
        return f"{stands.WORD} {number}" + (f" {SOUGHT}" if number % 3 == 0 else "")

    def author(self, message: Message) -> Any:
        people = self.school.people.values()
        return next(person for person in people if person.pk == message.author)

    @rule(data=st.data())
    def post(self, data: st.DataObject) -> None:
        channel = self.channel(data)
        author = data.draw(st.sampled_from(MEMBERS[: len(channel.people) or None]))
        self.learn(self.school.post(author, channel.id, self.words(), self.time(data)))
        self.model.acts["message.posted"] += 1

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        message, text = self.message(data), self.words()
        unseen = message.out_of_view
        with (
            refused(MessageNotFound, unseen),
            refused(AlreadyDeleted, message.is_deleted and not unseen),
            refused(NotYourWords, message.is_passed_on and not (unseen or message.is_deleted)),
        ):
            edit_message(author=self.author(message), message_id=message.id, body=text)
            message.versions.append(text)
            self.model.changed(message)
            self.model.acts["message.edited"] += 1

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        message = self.message(data)
        with refused(MessageNotFound, message.out_of_view):
            delete_message(by=self.author(message), message_id=message.id)
            self.model.acts["message.deleted"] += not message.is_deleted
            if not message.is_deleted:
                self.model.changed(message)
            message.is_deleted = True

    @rule(data=st.data(), record_class=classes)
    def put_under(self, data: st.DataObject, record_class: str) -> None:
        channel = self.channel(data)
        with self.no_earlier() as alone:
            alone.append(self.school.put_under(channel.id, record_class))
            self.model.acts["channel.reclassed"] += channel.record_class != record_class
            channel.record_class = record_class
            self.model.show_again()

    @precondition(lambda self: self.written)
    @rule(data=st.data(), record_class=classes)
    def keep_longer(self, data: st.DataObject, record_class: str) -> None:
        message = self.message(data)
        with self.no_earlier() as alone:
            alone.append(True)
            if self.school.keep_longer(message.id, record_class):
                assert not message.out_of_view
                message.own = record_class

    @rule(record_class=classes, wanted=rules)
    def change_rule(self, record_class: str, wanted: Rule) -> None:
        with self.no_earlier() as alone:
            alone.append(self.school.change_rule(record_class, wanted))
            self.model.rules[record_class] = wanted
            self.model.show_again()
            self.model.acts["policy.changed"] += 1

    @contextmanager
    def no_earlier(self) -> Iterator[list[bool]]:
        """Nobody has anything disposed of earlier alone; says in the list whether it was one."""
        alone: list[bool] = []
        before = {one.id: self.model.due_from(one) for one in self.model.messages.values()}
        yield alone
        for message in self.model.messages.values():
            assert not alone[0] or self.model.due_from(message) >= before[message.id]

    @rule(data=st.data(), parts=st.integers(1, 15))
    def hold(self, data: st.DataObject, parts: int) -> None:
        """On channels (1), people (2), days (4) and words (8), in every combination."""
        people = [self.school.people[name].pk for name in MEMBERS]
        days = sorted(self.time(data).date() for _ in range(2)) if parts & 4 else (None, None)
        hold = Hold(
            channels=_some(data, list(self.model.channels)) if parts & 1 else frozenset(),
            people=_some(data, people) if parts & 2 else frozenset(),
            since=days[0],
            until=days[1],
            word=SOUGHT if parts & 8 else "",
        )
        row = self.school.hold(hold.channels, hold.people, hold.since, hold.until, hold.word)
        self.model.holds[row.number] = hold
        self.model.acts["hold.placed"] += 1

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model.holds)))
        self.school.release(number)
        self.model.release(number)
        self.model.acts["hold.released"] += 1
        open_ones = HoldRow.objects.filter(released_at=None).values_list("number", flat=True)
        assert set(open_ones) == set(self.model.holds)

    @rule()
    def jobs_are_done(self) -> None:
        self.school.do_jobs()
        self.model.match()
        self.model.waiting.clear()
        for row in MessageRow.objects.exclude(pk__in=self.model.messages):
            assert row.kind == MessageRow.Kind.SYSTEM
            self.learn(row, is_system=True)


def _some(data: st.DataObject, of: list[UUID]) -> frozenset[UUID]:
    return data.draw(st.frozensets(st.sampled_from(of), min_size=1, max_size=2))
