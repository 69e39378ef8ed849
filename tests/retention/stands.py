"""What stands in the database, the keyring and the journal, held against the model."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from audit import keyring
from audit.actions import Action
from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from audit.keyring import UnknownGeneration
from audit.models import Entry, Generation, JournalLine
from audit.sealed import open_record
from audit.sealing import seal
from audit.signing import sign_head
from audit.verification.log import wrong_log
from messaging.models import Channel, ContentKey, Message, MessageVersion
from messaging.queries import conversation
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Position, Scope
from messaging.search.wholeness import lacking
from messaging.vault.versions import open_version
from retention.models import Certificate, Disposal, DisposalChunk, DisposalItem
from retention.verify import wrong_disposals
from tests.retention.model import Batch, Chunk, Model, Outcome

#: Stands in every message that people write.
WORD = "kiln"


def messages_are(model: Model) -> None:
    """Every message and version is there, opens, and is in view or not, and no other is."""
    found = {
        one.id: (one.channel_id, one.out_of_view, bool(one.deleted_at), one.version)
        for one in Message.objects.all()
    }
    assert found == {
        one.id: (one.channel, one.out_of_view, one.is_deleted, len(one.versions))
        for one in model.messages.values()
    }
    words: dict[UUID, dict[int, str]] = {}
    for version in MessageVersion.objects.select_related("message", "key"):
        words.setdefault(version.message_id, {})[version.number] = open_version(version).text
    assert words == {one.id: dict(enumerate(one.versions, 1)) for one in model.messages.values()}


def conversations_are(model: Model) -> None:
    """Members see what is in view, and nothing else."""
    in_view = {message.id for message in model.in_view()}
    for channel in model.channels.values():
        shown = conversation(Channel(id=channel.id)).values_list("id", flat=True)
        assert set(shown) == {one for one in in_view if model.messages[one].channel == channel.id}


def search_finds(model: Model) -> None:
    """A member finds the present texts in view, the desk the earlier ones, too; each once."""
    members = Scope(channels=frozenset(model.channels))
    desk = Scope(channels=None, versions=True)
    for scope in (members, desk):
        found = _found(scope)
        assert len(found) == len(set(found))
        assert _certain(set(found), model) == _certain(model.found(versions=scope.versions), model)


def _certain(found: set[tuple[UUID, int]], model: Model) -> set[tuple[UUID, int]]:
    """Less what a job has still to bring into the search."""
    return {one for one in found if one[0] not in model.waiting}


def _found(scope: Scope) -> list[tuple[UUID, int]]:
    found: list[tuple[UUID, int]] = []
    before: Position | None = None
    while True:
        page = search(scope, parse(WORD), limit=100, before=before, seconds=30)
        assert not page.partial
        assert not page.unread
        found += [(hit.position.message, hit.position.version) for hit in page.hits]
        if page.next is None:
            return found
        before = Position.read(str(page.next))


def log_counts(model: Model) -> None:
    """One entry for each act."""
    wanted = model.acts | {"keyring.moved": Generation.objects.get().number - 1}
    entered = Counter(Entry.objects.values_list("action", flat=True))
    assert {act: entered[act] for act in wanted} == dict(wanted)


def chunk_is(disposal: Disposal, number: int, wanted: Chunk) -> None:
    """What was done of a chunk, or nothing."""
    chunk = DisposalChunk.objects.get(disposal=disposal, number=number)
    assert (chunk.channel_id, chunk.month) == (wanted.channel, wanted.month)
    items = DisposalItem.objects.filter(chunk=chunk)
    assert dict(items.values_list("message", "held")) == wanted.items
    done = {} if chunk.done_at is None else dict(items.values_list("message", "outcome"))
    assert done == wanted.outcomes
    counted = (chunk.destroyed, chunk.out_of_view, chunk.spared, chunk.versions)
    assert counted == (*(wanted.counts[outcome] for outcome in Outcome), wanted.versions)


def batches_are(model: Model) -> None:
    """Every disposal is as far as it should be, and has what it should."""
    assert set(Disposal.objects.values_list("number", flat=True)) == set(model.batches)
    for disposal in Disposal.objects.all():
        batch = model.batches[disposal.number]
        found = (disposal.record_class, disposal.state, disposal.due, disposal.held)
        assert found == (batch.record_class, batch.state, batch.due, batch.held)
        assert disposal.chunks.count() == len(batch.chunks)
        for number, chunk in enumerate(batch.chunks, 1):
            chunk_is(disposal, number, chunk)


def certificate_is(certificate: Certificate, batch: Batch) -> None:
    """It says what the model did."""
    said = certificate.document
    assert said["messages"] == batch.count(Outcome.DESTROYED)
    assert said["versions"] == batch.versions
    assert said["spared"] == batch.due - batch.count(Outcome.DESTROYED)
    done = [chunk for chunk in batch.chunks if chunk.counts[Outcome.DESTROYED]]
    assert said["channels"] == len({chunk.channel for chunk in done})
    months = sorted(chunk.month for chunk in done)
    ends = (said["first_month"], said["last_month"])
    assert ends == ((f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}") if months else (None, None))
    uid = certificate.disposal.uid
    entry = Entry.objects.get(action=Action.DISPOSAL_CERTIFIED, subject=uid)
    assert open_record(UUID(entry.facts["record"])) == {
        "held": batch.count(Outcome.OUT_OF_VIEW),
        "not_due_any_more": batch.count(Outcome.SPARED),
    }
    assert certificate.signed.holds(keyring.ring().public_key)


@dataclass
class Keys:
    """The content keys that ever sealed a message, wrapped as they were then."""

    seen: dict[UUID, set[tuple[int, int, bytes]]] = field(default_factory=dict)

    def look(self) -> None:
        """Before anything is destroyed."""
        for version in MessageVersion.objects.select_related("key"):
            key = version.key
            wrapped = (key.pk, key.generation_id, bytes(key.wrapped))
            self.seen.setdefault(version.message_id, set()).add(wrapped)

    def are_gone(self, model: Model) -> None:
        """After an execution that came to its end: of nothing destroyed a key lives, and no copy
        of one can be unwrapped any more."""
        living = set(ContentKey.objects.values_list("pk", flat=True))
        keyring.forget()
        ring = keyring.ring()
        assert list(ring.generations) == [Generation.objects.get().number]
        for message in model.gone:
            for key, generation, wrapped in self.seen[message]:
                assert key not in living
                try:
                    ring.unwrap(wrapped, generation)
                except UnknownGeneration:
                    continue
                raise AssertionError(f"the key of {message} can still be unwrapped")


def the_whole_verifies() -> None:
    """The log, what was disposed of, the search and the journal."""
    while seal():
        pass
    sign_head()
    assert not list(wrong_log())
    assert not list(wrong_disposals())
    assert lacking() == []
    assert journal_problems(whole=True) == []
    acts = Counter(JournalLine.objects.values_list("act", flat=True))
    ended = acts[Act.DISPOSAL_DONE] + acts[Act.DISPOSAL_WITHDRAWN]
    assert acts[Act.DISPOSAL_DONE] == DisposalChunk.objects.exclude(done_at=None).count()
    assert ended <= acts[Act.DISPOSAL_INTENDED] <= ended + 1
