"""What stands in the database, the keyring and the journal, held against the model."""

from collections import Counter
from uuid import UUID

from audit.journal.lines import Act
from audit.journal.problems import journal_problems
from audit.models import Entry, Generation, JournalLine
from audit.sealing import seal
from audit.signing import sign_head
from audit.verification.log import wrong_log
from messaging.files.attached import attachments_in
from messaging.files.storing import bytes_of
from messaging.models import Attachment, Channel, Correction, Message, MessageVersion, Reaction
from messaging.queries import conversation
from messaging.search.corrected import notes_that_open
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Position, Scope
from messaging.search.wholeness import lacking
from messaging.vault.versions import current_bodies, open_version
from retention.models import DisposalChunk
from retention.verify import wrong_disposals
from retention.workers.destroying import AHEAD
from tests.retention.model import Model
from tests.uploads import NOTE

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


def files_are(model: Model) -> None:
    """Each hangs on the messages that it should, and opens there."""
    found = Attachment.objects.values_list("message", "file")
    assert set(found) == {(one.id, file) for one in model.messages.values() for file in one.files}
    bodies = current_bodies(list(Message.objects.filter(id__in=[message for message, _ in found])))
    for body in bodies.values():
        for file in attachments_in(body.details):
            assert b"".join(bytes_of(file)) == NOTE


def what_hangs_is(model: Model) -> None:
    """Reactions and corrections are those of the messages that are there, and the latter open."""
    written = {one.id: one.corrections for one in model.messages.values() if one.corrections}
    assert Counter(Correction.objects.values_list("message", flat=True)) == written
    assert notes_that_open(written)[1] == set()
    reacted = {one.id for one in model.messages.values() if one.has_reaction}
    assert set(Reaction.objects.values_list("message", flat=True)) == reacted


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
    assert ended <= acts[Act.DISPOSAL_INTENDED] <= ended + AHEAD
