"""The proof of one version's words: it lays them open, and nothing of any other message."""

from audit.models import Entry, Item
from audit.proofs import proof_of_message
from messaging.models import MessageVersion
from messaging.vault.bodies import document_of
from messaging.vault.versions import context_of, open_version

_BULK = ("messages.imported", "messages.generated")


def proof_of_version(version: MessageVersion) -> str | None:
    """A C2SP tlog-proof file of one version, with its `message` and `key` selected.

    None while its entry is not under a signed head, and where the log does not know it.
    """
    item = _item(version)
    entry = item.entry if item else _entry(version)
    if entry is None:
        return None
    body = open_version(version)
    document = document_of(
        context_of(version.message, version.number), body, version.message.reply_to
    )
    return proof_of_message(entry, document=document, salt=body.salt, item=item)


def _entry(version: MessageVersion) -> Entry | None:
    """Posted or edited under its own name, or written by another act, as a join is."""
    own = Entry.objects.filter(
        subject=version.message_id,
        action__in=("message.posted", "message.edited"),
        facts__version=version.number,
    )
    by_the_way = Entry.objects.filter(
        facts__has_key="message",
        facts__message=str(version.message_id),
        facts__version=version.number,
        facts__has_keys=["message_commitment", "position"],
    )
    return own.first() or by_the_way.first()


def _item(version: MessageVersion) -> Item | None:
    """An item of an import, or of a generated history."""
    items = Item.objects.filter(
        subject=version.message_id, version=version.number, entry__action__in=_BULK
    )
    return items.select_related("entry").first()
