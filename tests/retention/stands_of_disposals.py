"""What stands of disposals in the database and the keyring, held against the model."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from audit import keyring
from audit.actions import Action
from audit.keyring import UnknownGeneration
from audit.models import Entry, Generation
from audit.sealed import open_record
from messaging.files.places import place
from messaging.models import ContentKey, File, MessageVersion
from retention.models import Certificate, Disposal, DisposalChunk, DisposalItem, Exclusion
from tests.retention.model import Model
from tests.retention.model_batches import Batch, Chunk, Outcome


def chunk_is(disposal: Disposal, number: int, wanted: Chunk) -> None:
    """What was done of a chunk, or nothing."""
    chunk = DisposalChunk.objects.get(disposal=disposal, number=number)
    assert (chunk.channel_id, chunk.month) == (wanted.channel, wanted.month)
    items = DisposalItem.objects.filter(chunk=chunk)
    assert dict(items.values_list("message", "held")) == wanted.items
    done = {} if chunk.done_at is None else dict(items.values_list("message", "outcome"))
    assert done == wanted.outcomes
    counted = (chunk.destroyed, chunk.out_of_view, chunk.spared, chunk.versions, chunk.files)
    numbers = [wanted.counts[outcome] for outcome in Outcome]
    assert counted == (*numbers, wanted.versions, len(wanted.files))


def batches_are(model: Model) -> None:
    """Every disposal is as far as it should be, and has what it should."""
    assert set(Disposal.objects.values_list("number", flat=True)) == set(model.batches)
    for disposal in Disposal.objects.all():
        batch = model.batches[disposal.number]
        found = (disposal.record_class, disposal.state, disposal.due, disposal.held)
        assert found == (batch.record_class, batch.state, batch.due, batch.held)
        assert disposal.chunks.count() == len(batch.chunks)
        for chunk in batch.chunks:
            chunk_is(disposal, chunk.number, chunk)
        upheld = Exclusion.objects.filter(disposal=disposal, reason=Exclusion.Reason.OBJECTION)
        assert sum(one.messages or 0 for one in upheld) == batch.taken_out


def certificate_is(
    certificate: Certificate, batch: Batch, model: Model, sealed: Mapping[UUID, int]
) -> None:
    """It says what the model did; `sealed` are the bytes of each message with all its versions."""
    said = certificate.document
    assert said["messages"] == batch.count(Outcome.DESTROYED)
    assert said["versions"] == batch.versions
    assert said["spared"] == batch.due - batch.count(Outcome.DESTROYED)
    assert said["left_out"].get("objection", 0) == batch.taken_out
    assert said["message_bytes"] == sum(sealed[message] for message in batch.gone)
    files = [file for chunk in batch.chunks for file in chunk.files]
    size = sum(model.sizes[file] for file in files)
    assert (said["files"]["destroyed"], said["files"]["bytes"]) == (len(files), size)
    done = [chunk for chunk in batch.chunks if chunk.counts[Outcome.DESTROYED]]
    assert said["channels"] == len({chunk.channel for chunk in done})
    months = sorted(chunk.month for chunk in done)
    ends = (said["first_month"], said["last_month"])
    assert ends == ((f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}") if months else (None, None))
    days = sorted(day.isoformat() for chunk in done for day in chunk.days)
    assert (said["first_day"], said["last_day"]) == ((days[0], days[-1]) if days else (None, None))
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
    sealed: dict[UUID, int] = field(default_factory=dict)
    """The bytes that each message had with all its versions when it was last seen."""

    def look(self) -> None:
        """Before anything is destroyed."""
        found: Counter[UUID] = Counter()
        for version in MessageVersion.objects.select_related("key"):
            found[version.message_id] += len(bytes(version.sealed))
            key = version.key
            wrapped = (key.pk, key.generation_id, bytes(key.wrapped))
            self.seen.setdefault(version.message_id, set()).add(wrapped)
        self.sealed |= found

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


def no_file_is_left(model: Model) -> None:
    """Of what no message refers to, after an execution that came to its end."""
    assert set(File.objects.values_list("id", flat=True)) == model.files
    for file in model.sizes.keys() - model.files:
        assert not place().exists(str(file))
