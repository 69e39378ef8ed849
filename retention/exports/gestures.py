"""Reactions, pins, mentions and where words came from, in words for a reader. Pure."""

from collections.abc import Iterator

from retention.exports.items import Forwarded, Item, Reaction


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
