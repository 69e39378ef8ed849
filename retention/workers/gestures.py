"""What stands around the words of an export's messages: reactions, pins, corrections, and where
forwarded words came from."""

from collections.abc import Sequence
from uuid import UUID

from accounts.models import User
from messaging.mentions import mentions_in
from messaging.models import Pin, Reaction
from messaging.vault.bodies import Body
from messaging.vault.notes import Shown, Spot, commitment_of_note, corrections_of
from retention.exports import items
from retention.exports.items import Forwarded, Mentioned, Named, Pinned


class Gestures:
    """The reactions and pins of some messages, in two queries; those of deleted ones, too."""

    def __init__(self, messages: Sequence[UUID]) -> None:
        self._reactions: dict[UUID, dict[str, list[Named]]] = {}
        given = Reaction.objects.filter(message__in=messages).select_related("person")
        for one in given.order_by("id"):
            by_emoji = self._reactions.setdefault(one.message_id, {})
            by_emoji.setdefault(one.emoji, []).append(_named(one.person))
        pins = Pin.objects.filter(message__in=messages).select_related("pinned_by")
        self._pins = {
            one.message_id: Pinned(by=_named(one.pinned_by), at=one.pinned_at) for one in pins
        }

    def reactions(self, message: UUID) -> tuple[items.Reaction, ...]:
        """In the order of each emoji's first use."""
        found = self._reactions.get(message, {})
        return tuple(
            items.Reaction(emoji=emoji, people=tuple(people)) for emoji, people in found.items()
        )

    def pinned(self, message: UUID) -> Pinned | None:
        """By whom and since when it is pinned."""
        return self._pins.get(message)


def mentioned_in(body: Body) -> Mentioned:
    """Whom a wording mentions, under the names that stand in it."""
    mentions = mentions_in(body.details)
    people = (Named(id=one, name=name) for name, ids in mentions.people.items() for one in ids)
    return Mentioned(people=tuple(people), everybody=mentions.everybody)


def forwarded_in(body: Body) -> Forwarded | None:
    """Whose words they are, where somebody passed them on."""
    origin = body.details.get("forwarded")
    if not origin:
        return None
    return Forwarded(**origin | {"corrections": tuple(origin.get("corrections", ()))})


class Corrections:
    """The corrections of some messages, in one query; those of deleted ones, too."""

    def __init__(self, messages: Sequence[UUID], channel: UUID) -> None:
        self._found = corrections_of(messages)
        self._channel = channel

    def of(self, message: UUID) -> tuple[items.Correction, ...]:
        """In their order, each with its commitment."""
        return tuple(self._correction(message, one) for one in self._found.get(message, ()))

    def _correction(self, message: UUID, shown: Shown) -> items.Correction:
        spot = Spot(
            message=message,
            channel=self._channel,
            number=shown.number,
            written_by=shown.author,
            written_at=shown.written_at,
            reason=shown.reason,
        )
        return items.Correction(
            number=shown.number,
            by=Named(id=shown.author, name=shown.author_name),
            at=shown.written_at,
            reason=shown.reason,
            reference=shown.note.reference,
            body=shown.note.text,
            commitment=commitment_of_note(spot, shown.note),
        )


def _named(person: User) -> Named:
    return Named(id=person.pk, name=person.display_name)
