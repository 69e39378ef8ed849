"""What hangs on the messages that `tests.retention.machine` makes, at random.

Files, of which one may hang on several messages, reactions and corrections.
"""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from messaging.services.corrections import correct_own
from messaging.services.reactions import react
from tests.retention.machine_dating import Dating
from tests.retention.model import Message
from tests.retention.school import MEMBERS


class Hanging(Dating):
    """Members bring files, pass them on, react, and correct themselves."""

    @rule(data=st.data())
    def post_with_a_file(self, data: st.DataObject) -> None:
        channel = self.channel(data)
        author = data.draw(st.sampled_from(MEMBERS[: len(channel.people) or None]))
        words, sent = self.words(), self.time(data)
        self.learn(self.school.post_with_a_file(author, channel.id, words, sent))
        self.model.acts["message.posted"] += 1

    @precondition(lambda self: self.passable)
    @rule(data=st.data())
    def pass_on(self, data: st.DataObject) -> None:
        """By somebody who is everywhere."""
        message = data.draw(st.sampled_from(self.passable))
        author, channel = data.draw(st.sampled_from(MEMBERS[:2])), self.channel(data)
        row = self.school.pass_on(author, message.id, channel.id, self.time(data))
        self.learn(row)
        self.model.messages[row.id].is_passed_on = True
        self.model.acts["message.posted"] += 1

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def react(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.shown))
        react(by=self.author(message), message_id=message.id, emoji="👍", on=True)
        if not message.has_reaction:
            self.model.changed(message)
            self.model.acts["message.reacted"] += 1
        message.has_reaction = True

    @precondition(lambda self: any(not one.corrections for one in self.shown))
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from([one for one in self.shown if not one.corrections]))
        text = f"{next(self.numbers)}, not as it stands"
        correct_own(author=self.author(message), message_id=message.id, body=text)
        message.corrections += 1
        self.model.changed(message)
        self.model.acts["message.corrected"] += 1

    @property
    def passable(self) -> list[Message]:
        """What has a file; nothing is passed on out of a sensitive channel or a direct one."""
        channels = self.model.channels.values()
        open_ones = {one.id for one in channels if not (one.sensitive or one.people)}
        return [one for one in self.shown if one.files and one.channel in open_ones]

    @property
    def shown(self) -> list[Message]:
        """What people wrote, in view and not deleted."""
        return [one for one in self.written if not one.out_of_view and not one.is_deleted]
