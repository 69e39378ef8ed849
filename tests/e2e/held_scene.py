"""A channel of the past in which was done whatever can be done to messages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.corrections import correct_own
from messaging.services.messages import delete_message, edit_message
from messaging.services.pins import pin
from messaging.services.reactions import react
from messaging.services.saved import save_message
from tests.retention.conftest import PAST
from tests.retention.scenes import past_channel
from tests.scenes import say
from tests.uploads import ids, picture, uploaded

type At = Callable[[datetime], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A channel, its messages of the past by what is told apart in them, and the file of `his`."""

    channel: Channel
    messages: dict[str, UUID]
    file: UUID


def scene(at: At, owner: User, other: User, *, name: str) -> Scene:
    """Two people wrote in it; of the present there are two answers, to messages of either."""
    channel = past_channel(at, owner, other, name=name)
    upload = uploaded(owner, channel, picture(), "pond.png")
    with at(PAST + timedelta(minutes=1)):
        his = say(owner, channel, "The kiln at https://kiln.example is mended", uploads=ids(upload))
        hers = say(other, channel, f"@{owner.display_name}, marmalade for the heath")
        edited = say(owner, channel, "Marmalade at fve")
        deleted = say(owner, channel, "The kiln is lost")
        say(other, channel, "Is it?", reply_to=his.id)
    with patch("messaging.services.messages.now", lambda: PAST + timedelta(minutes=2)):
        edit_message(author=owner, message_id=edited.id, body="Marmalade at five")
        delete_message(by=owner, message_id=deleted.id)
    correct_own(author=owner, message_id=his.id, body="Nearly mended")
    for one in (his, hers):
        react(by=owner, message_id=one.id, emoji="👍", on=True)
        react(by=other, message_id=one.id, emoji="🎉", on=True)
        pin(by=owner, message_id=one.id, on=True)
        for person in (owner, other):
            save_message(person=person, message_id=one.id)
    say(other, channel, "I come back to the kiln", reply_to=his.id)
    say(owner, channel, "And I to the marmalade", reply_to=hers.id)
    messages = {"his": his.id, "hers": hers.id}
    return Scene(channel=channel, messages=messages, file=his.attachments.get().file_id)


def held_in(scene: Scene) -> int:
    """How many messages of it stand out of view."""
    return Message.objects.filter(channel=scene.channel, out_of_view=True).count()
