"""One batch, one transaction: membership, positions, sealed bodies, tokens, entries, the bell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson
from django.db import transaction
from uuid_utils.compat import uuid7

from audit.actions import Action
from audit.clock import now
from audit.services import Act, record_all
from audit.statements import array, ask, statement_of, together
from messaging import bell
from messaging.exceptions import ChannelBusy, ChannelNotFound, MessageNotFound
from messaging.files.attached import attachments_in, kept_in
from messaging.files.texts import texts_of
from messaging.ingest.admission import Locked, Ready, lock_and_look, made_ready, refusal_of
from messaging.ingest.attaching import brought_by, note_files
from messaging.ingest.drafts import Draft, Name, Outcome, Posted
from messaging.ingest.forwarding import Forwarded, forwards_of
from messaging.ingest.mentions import mentions_of, note_mentions
from messaging.mentions import Mentions
from messaging.models import Message
from messaging.nudges.judging import judged
from messaging.rendering import message_json, messages_json
from messaging.search import index
from messaging.search.domains import place_of
from messaging.search.index import Text
from messaging.search.said import parts_of
from messaging.vault.bodies import Body, EncryptionContext, commitment_of, seal

_INSERT: Final = statement_of(Path(__file__).parent / "sql" / "insert.sql")


@dataclass(frozen=True, kw_only=True, slots=True)
class _New:
    """A message that this batch stores; it has the names that a row of messages has."""

    id: UUID
    draft: Draft
    author_name: str
    seq: int
    sent_at: datetime
    key: int
    sealed: bytes
    commitment: str
    body: Body
    mentions: Mentions

    kind = Message.Kind.TEXT
    edited_at = None
    deleted_at = None

    @property
    def channel_id(self) -> UUID:
        return self.draft.channel

    @property
    def author_id(self) -> UUID:
        return self.draft.author

    @property
    def ref(self) -> UUID:
        return self.draft.ref

    @property
    def reply_to(self) -> UUID | None:
        return self.draft.reply_to

    @property
    def changed(self) -> int:
        return self.seq


def store(drafts: Sequence[Draft], *, only_free: bool = False) -> list[Outcome]:
    """Store all drafts that may be posted, in their order; the rest are refused one by one.

    With `only_free`, channels that somebody else has locked are not waited for: ChannelBusy.

    What was posted before under the same `ref` gives its first answer. Raises a database error
    when nothing was stored, or when it is not known whether the commit came through: the same
    drafts again settle that by their `ref`.
    """
    with transaction.atomic():
        at = now()
        channels, known, keys = lock_and_look(drafts, at=at, only_free=only_free)
        brought = forwards_of(drafts) | brought_by(drafts)
        absent = ChannelBusy if only_free else ChannelNotFound
        refused = [
            refusal_of(channels.get(draft.channel), its, brought.get(draft), absent=absent)
            for draft, its in zip(drafts, known, strict=True)
        ]
        refused = judged(drafts, known, brought, refused)
        fresh: dict[Name, tuple[Draft, str]] = {}
        for draft, its, no in zip(drafts, known, refused, strict=True):
            if no is None and its.earlier is None:
                fresh.setdefault(draft.name, (draft, its.author_name or ""))
        ready = made_ready(keys, {channel for _, channel, _ in fresh}, at=at)
        posted = _write(list(fresh.values()), brought, channels, ready)
    answers = _Answers(posted, earlier={its.earlier for its in known if its.earlier})
    return [
        no or answers.of(draft, its.earlier)
        for draft, its, no in zip(drafts, known, refused, strict=True)
    ]


class _Answers:
    """The answer to each draft that was not refused; the first time a new one is fresh."""

    def __init__(self, posted: Mapping[Name, Posted], *, earlier: set[UUID]) -> None:
        self._new = dict(posted)
        self._earlier = _posted_earlier(earlier)

    def of(self, draft: Draft, earlier: UUID | None) -> Outcome:
        if earlier is not None:
            return self._earlier.get(earlier) or MessageNotFound()
        posted = self._new[draft.name]
        self._new[draft.name] = replace(posted, fresh=False)
        return posted


def _write(
    fresh: Sequence[tuple[Draft, str]],
    brought: Mapping[Draft, Forwarded],
    channels: Mapping[UUID, Locked],
    ready: Mapping[UUID, Ready],
) -> dict[Name, Posted]:
    if not fresh:
        return {}
    wanted = {draft.channel for draft, _ in fresh}
    words = _words([draft for draft, _ in fresh], brought)
    new = [
        _seal(draft, name, said, channels[draft.channel], ready[draft.channel])
        for (draft, name), said in zip(fresh, words, strict=True)
    ]
    # Rendered before the commit: what cannot be shown is not stored.
    posted = {message.draft.name: _posted(message) for message in new}
    months = index.open_months(_texts(new, channels))
    with together():
        _insert(new)
        note_mentions([(message, message.mentions) for message in new])
        note_files(new)
        index.insert(months)
        record_all([_act(message) for message in new])
        bell.ring(*((channel, channels[channel].head) for channel in sorted(wanted)))
    return posted


def _words(
    drafts: Sequence[Draft], brought: Mapping[Draft, Forwarded]
) -> list[tuple[Body, Mentions]]:
    """What each of these says, and whom it mentions. Words that are passed on mention nobody: they
    are not said to the people of this channel."""
    return [
        (_body(draft, brought.get(draft), mentions), mentions)
        for draft, mentions in zip(drafts, mentions_of(drafts), strict=True)
    ]


def _body(draft: Draft, brought: Forwarded | None, mentions: Mentions) -> Body:
    if not isinstance(brought, Body):
        return Body(text=draft.body, details=mentions.details())
    if draft.forward:
        return brought
    return Body(text=draft.body, details=mentions.details() | kept_in(brought.details))


def _seal(
    draft: Draft, author_name: str, words: tuple[Body, Mentions], channel: Locked, ready: Ready
) -> _New:
    channel.head += 1
    place = EncryptionContext(
        message=uuid7(),
        channel=draft.channel,
        author=draft.author,
        sent_at=ready.sent_at,
        kind=Message.Kind.TEXT,
        version=1,
    )
    body, mentions = words
    return _New(
        id=place.message,
        draft=draft,
        author_name=author_name,
        seq=channel.head,
        sent_at=ready.sent_at,
        key=ready.key,
        sealed=seal(ready.cipher, place, body),
        commitment=commitment_of(place, body, draft.reply_to),
        body=body,
        mentions=mentions,
    )


def _insert(new: Sequence[_New]) -> None:
    values = {
        "ids": array(message.id for message in new),
        "channels": array(message.channel_id for message in new),
        "authors": array(message.author_id for message in new),
        "refs": array(message.ref for message in new),
        "seqs": array(message.seq for message in new),
        "times": array(message.sent_at for message in new),
        "replies": array(message.reply_to for message in new),
        "keys": array(message.key for message in new),
        "sealed": array(message.sealed for message in new),
    }
    ask(_INSERT, values)


def _texts(new: Sequence[_New], channels: Mapping[UUID, Locked]) -> Iterator[Text]:
    files = (file for message in new for file in attachments_in(message.body.details))
    texts = texts_of(files)
    for message in new:
        yield Text(
            message=message.id,
            version=1,
            channel=message.channel_id,
            author=message.author_id,
            sent_at=message.sent_at,
            place=place_of(channels[message.channel_id]),
            parts=parts_of(message.body, texts),
        )


def _act(message: _New) -> Act:
    return Act(
        action=Action.MESSAGE_POSTED,
        actor=message.author_id,
        subject=message.id,
        facts={
            "channel": message.channel_id,
            "seq": message.seq,
            "version": 1,
            "message_commitment": message.commitment,
        },
    )


def _posted(message: _New) -> Posted:
    return Posted(
        id=message.id,
        channel=message.channel_id,
        changed=message.seq,
        shown=orjson.dumps(
            message_json(message, message.body, {message.author_id: message.author_name})
        ),
        fresh=True,
    )


def _posted_earlier(ids: set[UUID]) -> dict[UUID, Posted]:
    """The present state of messages that were posted before."""
    if not ids:
        return {}
    messages = list(Message.objects.filter(id__in=ids, out_of_view=False))
    return {
        message.id: Posted(
            id=message.id,
            channel=message.channel_id,
            changed=message.changed,
            shown=orjson.dumps(shown),
            fresh=False,
        )
        for message, shown in zip(messages, messages_json(messages), strict=True)
    }
