"""Messages of kind `system`: joins, leaves and removals, with a position of their own."""

from uuid import UUID

from accounts.models import User
from messaging.models import Channel, Message
from messaging.services.positions import next_position, next_time
from messaging.vault.bodies import Body
from messaging.vault.versions import seal_version

_SENTENCES = {
    "created": "{by} created this channel.",
    "begun": "{by} began this conversation.",
    "archived": "{by} archived this channel.",
    "updated": "{by} changed {what}.",
    "joined": "{person} joined.",
    "added": "{by} added {person}.",
    "left": "{person} left.",
    "removed": "{by} removed {person}.",
}


def say(
    channel: Channel, *, by: User, event: str, person: User | None, what: str = ""
) -> dict[str, str | int | UUID]:
    """Post the system message of an event in a locked channel.

    `what` says what was updated. Returns the facts of it that the entry of the act carries.
    """
    position = next_position(channel)
    message = Message(
        channel=channel,
        author=by,
        seq=position,
        changed=position,
        sent_at=next_time(channel),
        kind=Message.Kind.SYSTEM,
    )
    message.save(force_insert=True)
    words = _words(channel, by, event, person, what)
    _, commitment = seal_version(message, words, written_by=by.id)
    return {
        "position": position,
        "message": message.id,
        "version": 1,
        "message_commitment": commitment,
    }


def _words(channel: Channel, by: User, event: str, person: User | None, what: str) -> Body:
    wording = "added" if event == "joined" and person and person.id != by.id else event
    if event == "created" and channel.kind == Channel.Kind.DIRECT:
        wording = "begun"
    text = _SENTENCES[wording].format(
        by=by.display_name, person=person.display_name if person else "", what=what
    )
    details = {"event": event}
    if person:
        details["person"] = str(person.id)
    return Body(text=text, details=details)
