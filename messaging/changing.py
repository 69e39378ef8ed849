"""The frames by which a person changes a message that is there, each the call of its service."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from accounts.models import User
from messaging.live.frames import Asked
from messaging.models import Message
from messaging.services.corrections import correct_own
from messaging.services.messages import delete_message, edit_message
from messaging.services.pins import pin
from messaging.services.reactions import react

type Change = Callable[[], Message]


def _edit(person: User, asked: Asked) -> Change:
    message, body = asked.id("message"), asked.text("body")
    return partial(edit_message, author=person, message_id=message, body=body)


def _delete(person: User, asked: Asked) -> Change:
    return partial(delete_message, by=person, message_id=asked.id("message"))


def _react(person: User, asked: Asked) -> Change:
    message, emoji, on = asked.id("message"), asked.text("emoji"), asked.flag("on")
    return partial(react, by=person, message_id=message, emoji=emoji, on=on)


def _pin(person: User, asked: Asked) -> Change:
    return partial(pin, by=person, message_id=asked.id("message"), on=asked.flag("on"))


def _correct(person: User, asked: Asked) -> Change:
    message, body = asked.id("message"), asked.text("body")
    return partial(correct_own, author=person, message_id=message, body=body)


#: By the type of the frame. What is wrong with the frame is said before anything is called.
CHANGES: Final[Mapping[str, Callable[[User, Asked], Change]]] = {
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "pin": _pin,
    "correct": _correct,
}
