"""The dates that dated rules count from, at random: set as a day, or as the day on which a person
leaves, which changes where accounts are kept; each earlier one waits for a second person.
"""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.retention.machine import Machine
from tests.retention.model import Channel
from tests.retention.school import MEMBERS


class Dating(Machine):
    """Somebody sets or enters a date, and somebody else agrees, now or later, or never."""

    @rule(data=st.data(), agreed=st.booleans())
    def set_date(self, data: st.DataObject, agreed: bool) -> None:
        channel, on = self.channel(data), self.time(data).date()
        with self.no_earlier() as alone:
            alone.append(True)
            self.school.set_date(channel.id, on)
            self.model.count_from(channel, on)
        if agreed:
            self.agreed(channel)

    @rule(data=st.data(), name=st.sampled_from(MEMBERS), agreed=st.booleans())
    def count_from(self, data: st.DataObject, name: str, agreed: bool) -> None:
        channel = self.channel(data)
        with self.no_earlier() as alone:
            alone.append(True)
            self.school.count_from(channel.id, name)
            self.model.count_from(channel, self.school.people[name].pk)
        if agreed:
            self.agreed(channel)

    @precondition(lambda self: any(self.model.waits(one) for one in self.model.channels.values()))
    @rule()
    def agree(self) -> None:
        for channel in self.model.channels.values():
            self.agreed(channel)

    def agreed(self, channel: Channel) -> None:
        if self.model.waits(channel):
            self.school.agree(channel.id, self.model.wanted(channel))
            channel.on = self.model.wanted(channel)

    @rule(data=st.data(), name=st.sampled_from(MEMBERS), is_known=st.booleans())
    def leave(self, data: st.DataObject, name: str, is_known: bool) -> None:
        """What is due no more comes back within the hour."""
        day = self.time(data).date() if is_known else None
        with self.no_earlier() as alone:
            alone.append(True)
            self.school.leave(name, day)
            self.model.leave(self.school.people[name].pk, day)
