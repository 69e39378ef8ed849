"""Disposals, at random, of what `tests.retention.machine` makes."""

from collections import Counter
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from retention.exceptions import (
    NeedsAnother,
    NobodysYet,
    NotAllowed,
    NotOpen,
    RetentionError,
    StillObjecting,
    Undecided,
)
from retention.models import Certificate, DisposalChunk
from tests.retention import stands, stands_of_disposals
from tests.retention.machine import refused
from tests.retention.machine_hanging import Hanging
from tests.retention.model_batches import Batch, Chunk
from tests.retention.school import forget
from tests.roles import acting_as

#: What was reached, over all examples: outcomes of messages, and deaths.
reached: Final[Counter[str]] = Counter()
#: Messages of a chunk, so few that a month has several.
CHUNK: Final = 3
_APPROVERS: Final = frozenset({"helen", "chris"})


class Disposing(Hanging):
    """Proposed, put forward, approved, withdrawn and carried out, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = stands_of_disposals.Keys()
        self.waits = False

    @initialize(waits=st.booleans())
    def take_the_usual_time(self, waits: bool) -> None:
        self.waits = waits
        if waits:
            self.school.wait_as_long_as_is_usual()

    def teardown(self) -> None:
        try:
            self.school.do_jobs()
            with acting_as("owner"):
                stands.the_whole_verifies()
        finally:
            self.school.close()

    @rule(by=st.sampled_from(("hari", "dana", "helen", None)))
    def propose(self, by: str | None) -> None:
        wanted = self.model.to_propose(CHUNK, by=by)
        for disposal in self.school.propose(by, self.model.today):
            self.model.batches[disposal.number] = Batch(
                record_class=disposal.record_class,
                chunks=wanted.pop(disposal.record_class),
                by=by,
                waits=self.waits,
            )
            self.model.acts["disposal.proposed"] += 1
        assert not wanted

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def put_forward(self, data: st.DataObject) -> None:
        number, batch = self.batch(data)
        with refused(NotOpen, batch.by is not None or batch.state != "proposed"):
            self.school.put_forward(number, "hari")
            batch.by = "hari"

    @precondition(lambda self: any(batch.waits for batch in self.model.batches.values()))
    @rule(data=st.data())
    def let_days_pass(self, data: st.DataObject) -> None:
        number, batch = self.batch(data)
        if batch.waits and batch.is_open:
            self.school.let_days_pass(number)
            batch.waits = False

    def approve_in_time(self, number: int, batch: Batch, *, upheld: bool) -> None:
        """What is still asked is decided so or so."""
        for channel in sorted(batch.undecided):
            self.decided(number, batch, channel, upheld=upheld)
        if batch.state != "proposed":
            return
        if batch.by is None:
            self.school.put_forward(number, "hari")
            batch.by = "hari"
        if batch.waits:
            self.school.let_days_pass(number)
        self.school.clear(number)
        self.approved(number, batch, "chris" if batch.by == "helen" else "helen")
        if batch.waits:
            self.school.let_days_pass(number)
            batch.waits = False

    def decided(self, number: int, batch: Batch, channel: UUID, *, upheld: bool) -> None:
        self.school.decide(number, batch.objections[channel], upheld=upheld)
        batch.undecided.remove(channel)
        self.model.acts["disposal.objection_decided"] += 1
        if upheld:
            batch.take_out(channel)

    def approved(self, number: int, batch: Batch, by: str) -> None:
        self.school.approve(number, by)
        batch.state = "approved"
        batch.waits = self.waits
        self.model.acts["disposal.approved"] += 1

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data(), by=st.sampled_from(("helen", "helen", "chris", "dana")))
    def approve(self, data: st.DataObject, by: str) -> None:
        number, batch = self.batch(data)
        if batch.state == "proposed":
            self.school.clear(number)
        if error := self.refusal(batch, by):
            with pytest.raises(error):
                self.school.approve(number, by)
        else:
            self.approved(number, batch, by)

    def refusal(self, batch: Batch, by: str) -> type[RetentionError] | None:
        """Why it is refused, the first reason that there is."""
        reasons = {
            NeedsAnother: batch.by == by,
            NotAllowed: by not in _APPROVERS,
            NotOpen: batch.state != "proposed",
            NobodysYet: batch.by is None,
            StillObjecting: batch.waits,
            Undecided: bool(batch.undecided),
        }
        return next((error for error, if_so in reasons.items() if if_so), None)

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        number, batch = self.batch(data)
        with refused(NotOpen, batch.state not in {"proposed", "approved"}):
            self.school.withdraw(number)
            batch.state = "withdrawn"
            self.model.acts["disposal.withdrawn"] += 1

    def batch(self, data: st.DataObject) -> tuple[int, Batch]:
        """Most often one that is open."""
        batches = self.model.batches
        numbers = [number for number, batch in batches.items() if batch.is_open]
        number = data.draw(st.sampled_from(sorted(numbers or batches)))
        return number, batches[number]

    @precondition(lambda self: any(self.under_way()))
    @rule()
    def carry_out(self) -> None:
        self.keys.look()
        self.came_to_its_end(self.school.carry_out())

    @precondition(lambda self: any(self.under_way()))
    @rule(calls=st.integers(1, 150), anew=st.booleans())
    def die_carrying_out(self, calls: int, anew: bool) -> None:
        """`anew`: who goes on has no key of before; else it is a process that lived meanwhile."""
        self.keys.look()
        certificates = self.school.die_carrying_out(calls)
        if anew:
            forget()
        if certificates is None:
            reached["died"] += 1
            self.came_as_far_as_it_came()
        else:
            self.came_to_its_end(certificates)

    def under_way(self) -> Iterator[tuple[int, Batch]]:
        for number, batch in sorted(self.model.batches.items()):
            if batch.is_under_way:
                yield number, batch

    def came_to_its_end(self, certificates: list[Certificate]) -> None:
        """Everything that was approved is carried out and certified, and no more."""
        under_way = dict(self.under_way())
        assert [one.disposal_id for one in certificates] == list(under_way)
        for batch in under_way.values():
            for chunk in in_order(batch):
                if not chunk.outcomes:
                    self.model.carry_out(batch, chunk)
        for certificate in certificates:
            self.certified(certificate)
        with acting_as("owner"):
            self.keys.are_gone(self.model)
            stands_of_disposals.no_file_is_left(self.model)

    def came_as_far_as_it_came(self) -> None:
        """It says itself which chunks it has done and what it has certified; not, with what."""
        for number, batch in self.under_way():
            done = DisposalChunk.objects.filter(disposal=number).exclude(done_at=None)
            numbers = set(done.values_list("number", flat=True))
            for chunk in in_order(batch):
                if chunk.number in numbers and not chunk.outcomes:
                    self.model.carry_out(batch, chunk)
        for number, _ in list(self.under_way()):
            for certificate in Certificate.objects.filter(disposal=number):
                self.certified(certificate)

    def certified(self, certificate: Certificate) -> None:
        batch = self.model.batches[certificate.disposal_id]
        assert all(chunk.outcomes for chunk in batch.chunks)
        batch.state = "done"
        reached.update(outcome for chunk in batch.chunks for outcome in chunk.outcomes.values())
        self.model.acts["disposal.certified"] += 1
        with acting_as("owner"):
            stands_of_disposals.certificate_is(certificate, batch, self.model, self.keys.sealed)


def in_order(batch: Batch) -> list[Chunk]:
    """As they are carried out: month by month."""
    return sorted(batch.chunks, key=lambda chunk: (chunk.month, chunk.channel))
