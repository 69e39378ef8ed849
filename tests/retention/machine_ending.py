"""Disposals that are objected to, stopped, or left lying until their approval lapses, at random.

Whole ones at once, too, in which something comes between; and what holds after each step.
"""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from retention.exceptions import NoOwnPart, NotFound, NotOpen, RetentionError
from tests.retention import stands, stands_of_disposals
from tests.retention.machine import classes, refused, rules
from tests.retention.machine_disposing import Disposing
from tests.retention.model import Channel
from tests.retention.model_batches import Batch
from tests.roles import acting_as


class AgainstAModel(Disposing):
    """The whole of it."""

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def object_to(self, data: st.DataObject) -> None:
        number, batch = self.batch(data)
        parts = sorted({chunk.channel for chunk in batch.chunks})
        channel = self.model.channels[data.draw(st.sampled_from(parts))] if parts else None
        channel = self.channel(data) if channel is None or data.draw(st.booleans()) else channel
        if error := _no_objection(batch, channel):
            with pytest.raises(error):
                self.school.object_to(number, channel.id)
        else:
            batch.objections[channel.id] = self.school.object_to(number, channel.id)
            batch.undecided.add(channel.id)
            self.model.acts["disposal.objected"] += 1

    @precondition(lambda self: any(batch.undecided for batch in self.model.batches.values()))
    @rule(data=st.data(), upheld=st.booleans())
    def decide(self, data: st.DataObject, upheld: bool) -> None:
        asked = [number for number, batch in self.model.batches.items() if batch.undecided]
        number = data.draw(st.sampled_from(sorted(asked)))
        batch = self.model.batches[number]
        channel = data.draw(st.sampled_from(sorted(batch.undecided)))
        with refused(NotOpen, batch.state != "proposed"):
            self.decided(number, batch, channel, upheld=upheld)

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        """By the data protection officer, even while it is carried out."""
        number, batch = self.batch(data)
        is_left = any(not chunk.outcomes for chunk in batch.chunks)
        with refused(NotOpen, not (batch.is_open and is_left and not batch.stopped)):
            self.school.stop(number)
            self.model.acts["disposal.stopped"] += 1
            if batch.state == "executing":
                batch.stopped = True
            else:
                batch.state = "stopped"

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def lapse(self, data: st.DataObject) -> None:
        number, batch = self.batch(data)
        lapses = batch.state == "approved"
        if lapses:
            batch.state = "expired"
            self.model.acts["disposal.lapsed"] += 1
        assert self.school.lapse(number) == lapses

    @rule(data=st.data(), calls=st.none() | st.integers(1, 150))
    def dispose(self, data: st.DataObject, calls: int | None) -> None:
        """What chance seldom does in a row: proposed, approved, and something comes between."""
        self.propose("hari")
        if data.draw(st.booleans()) and self.model.batches:
            self.object_to(data)
        for number, batch in self.model.batches.items():
            if batch.state == "proposed":
                self.approve_in_time(number, batch, upheld=data.draw(st.booleans()))
        match data.draw(st.sampled_from(("hold", "", "hold", "channel", "message", "rule"))):
            case "hold":  # on few parts, so that something of it is covered
                self.hold(data, data.draw(st.sampled_from((1, 2, 8))))
            case "channel":
                self.put_under(data, data.draw(classes))
            case "message" if self.written:
                self.keep_longer(data, data.draw(classes))
            case "rule":
                self.change_rule(data.draw(classes), data.draw(rules))
        if calls and any(self.under_way()):
            self.die_carrying_out(calls, data.draw(st.booleans()))
            if data.draw(st.booleans()):
                self.stop(data)
        else:
            self.carry_out()

    @rule(data=st.data(), calls=st.none() | st.integers(1, 150))
    def dispose_again(self, data: st.DataObject, calls: int | None) -> None:
        """The same: chance takes each rule as often, and this one is what it is about."""
        self.dispose(data, calls)

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        with acting_as("owner"):
            stands.messages_are(self.model)
            stands.files_are(self.model)
            stands.what_hangs_is(self.model)
            stands.conversations_are(self.model)
            stands_of_disposals.batches_are(self.model)
            stands.log_counts(self.model)
            stands.search_finds(self.model)


def _no_objection(batch: Batch, channel: Channel) -> type[RetentionError] | None:
    """Why it is refused, the first reason that there is."""
    reasons = {
        NotFound: bool(channel.people),
        NoOwnPart: not batch.is_open or all(one.channel != channel.id for one in batch.chunks),
        NotOpen: batch.state != "proposed" or not batch.waits or channel.id in batch.objections,
    }
    return next((error for error, if_so in reasons.items() if if_so), None)
