"""What stands around the words of a message, in words for a reader. Pure."""

from collections.abc import Iterator
from typing import Final

from audit.clock import iso
from retention.exports.items import Correction, Forwarded, Item, Reaction


def reaction_text(reaction: Reaction) -> str:
    """An emoji with the names of those who gave it."""
    return f"{reaction.emoji} {', '.join(person.name for person in reaction.people)}"


def mentioned(item: Item) -> Iterator[str]:
    """Whom a message mentions."""
    yield from (person.name for person in item.mentioned.people)
    if item.mentioned.everybody:
        yield f"@{item.mentioned.everybody}"


def forwarded_text(forwarded: Forwarded) -> str:
    """Whose words they are, of when, and where they stood if that may be known."""
    where = f", {forwarded.channel}" if forwarded.channel else ""
    return f"{forwarded.author}, {forwarded.sent_at}{where}"


_REASONS: Final = {
    "own": "by its author",
    "request": "because somebody asked for it (UK GDPR, Article 16)",
    "found": "because the school found it",
}


def correction_cell(correction: Correction) -> str:
    """A correction in a cell of a table."""
    return f"{correction.by.name}, {iso(correction.at)}: {correction.body}"


def why(correction: Correction) -> str:
    """Why it was appended, and for which request or case."""
    of = f", {correction.reference}" if correction.reference else ""
    return f"{_REASONS[correction.reason]}{of}"


def earlier_corrections(forwarded: Forwarded) -> Iterator[str]:
    """The corrections that came along with words that were passed on."""
    for one in forwarded.corrections:
        yield f"Corrected by {one['author']['name']}, {one['written_at']}: {one['body']}"
