"""Vocabularies in the process, and their compaction.

A sealed row never changes, so an opened one is kept by its id; which rows make up a vocabulary
is asked anew for each search. Only the months that a search reaches are opened.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from threading import Lock
from time import monotonic, sleep
from typing import Final
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import Count

from audit.statements import array, ask
from messaging.search import vocabulary
from messaging.search.domains import Place, open_month
from messaging.search.fence import look_up
from messaging.search.index import add_vocabulary
from messaging.search.lexicon import Lexicons
from messaging.search.models import IndexKey, Vocabulary
from messaging.search.tokens import Keys
from messaging.search.tree import How, Pattern
from messaging.search.vocabulary import Words

MAX_CACHED_BYTES: Final = 96 * 1024 * 1024
MAX_LEARNED: Final = 400_000
"""Words that are kept by sound and letters, some 80 MB; beyond it they are learned anew."""
COMPACT_FROM: Final = 16
"""Rows from which a vocabulary is worth compacting."""
_TOGETHER: Final = 500
"""Rows that are merged in one transaction, within some hundredths of a second;"""
_REST: Final = 4.0
"""and the rest after that, as a multiple of the time it took."""
_ROWS: Final = "SELECT key_id, id FROM messaging_vocabulary WHERE key_id = ANY (%(keys)b::uuid[])"
_SEALED: Final = """
SELECT id, key_id, sealed FROM messaging_vocabulary WHERE id = ANY (%(rows)b::uuid[])
"""
_TAKE: Final = """
DELETE FROM messaging_vocabulary WHERE id = ANY (%(rows)b::uuid[]) RETURNING id, sealed
"""
_TRIES: Final = 3
_log = structlog.get_logger("schoolchat.search")


class _Cache:
    """Opened rows by id, the least recently used dropped first, and the words of the rows that
    were asked what is alike; safe between threads."""

    def __init__(self) -> None:
        self._rows: OrderedDict[UUID, Words] = OrderedDict()
        self._lexicons = Lexicons()
        self._bytes = 0
        self._lock = Lock()

    def known(self, rows: Iterable[UUID]) -> dict[UUID, Words]:
        """Those of `rows` that are kept."""
        with self._lock:
            found = {row: self._rows[row] for row in rows if row in self._rows}
            for row in found:
                self._rows.move_to_end(row)
            return found

    def keep(self, rows: Mapping[UUID, Words]) -> None:
        """Keep freshly opened rows."""
        with self._lock:
            for row, words in rows.items():
                if row not in self._rows:
                    self._rows[row] = words
                    self._bytes += words.size
            while self._bytes > MAX_CACHED_BYTES:
                _, dropped = self._rows.popitem(last=False)
                self._bytes -= dropped.size

    def alike(self, rows: Sequence[Words], form: str) -> set[str]:
        """The words that may be meant by `form`: those of the rows, and of others asked before."""
        with self._lock:
            if len(self._lexicons) > MAX_LEARNED:
                self._lexicons = Lexicons()
            return self._lexicons.alike(rows, form)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._rows.clear()
            self._bytes = 0
            self._lexicons = Lexicons()


_cache = _Cache()


def forget_words() -> None:
    """Drop every opened vocabulary, as after a disposal."""
    _cache.clear()


def expanded(rows: Sequence[Words], pattern: Pattern) -> list[str] | None:
    """The words of a month's rows that resemble a pattern; None for too many."""
    if pattern.how is not How.ALIKE:
        return vocabulary.expanded(rows, pattern)
    return vocabulary.present(rows, _cache.alike(rows, pattern.form))


def vocabularies(keys: Mapping[UUID, Keys]) -> dict[UUID, list[Words]]:
    """The opened rows of each index key's vocabulary.

    A key is absent from the answer when its rows were being replaced each time we looked, or when
    one was altered: its texts are read instead.
    """
    found: dict[UUID, list[Words]] = {}
    for _ in range(_TRIES):
        found |= words_of(_listed(keys.keys() - found.keys()), keys)
        if len(found) == len(keys):
            break
    return found


def words_of(
    listed: Mapping[UUID, Sequence[UUID]], keys: Mapping[UUID, Keys]
) -> dict[UUID, list[Words]]:
    """The opened rows of each index key's vocabulary, of which the rows are known.

    A key is absent from the answer when one of its rows is not there any more, or was altered.
    """
    rows = {row for some in listed.values() for row in some}
    words = _cache.known(rows)
    words |= _opened(rows - words.keys(), keys)
    return {
        key: [words[row] for row in some]
        for key, some in listed.items()
        if words.keys() >= set(some)
    }


def _listed(keys: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    listed: dict[UUID, list[UUID]] = {key: [] for key in keys}
    for key, row in look_up(_ROWS, {"keys": array(listed)}):
        listed[key].append(row)
    return listed


def _opened(rows: Iterable[UUID], keys: Mapping[UUID, Keys]) -> dict[UUID, Words]:
    wanted = list(rows)
    if not wanted:
        return {}
    words = {}
    for row, key, sealed in look_up(_SEALED, {"rows": array(wanted)}):
        try:
            words[row] = vocabulary.unseal(keys[key].words, row, sealed)
        except InvalidTag:
            _log.critical("vocabulary does not open", row=str(row))
    _cache.keep(words)
    return words


def compact_vocabularies(*, rows: int = COMPACT_FROM) -> int:
    """Replace every vocabulary of at least `rows` rows by one row; returns how many. For the
    worker, every few minutes; whatever is appended meanwhile stays a row of its own."""
    many = (
        Vocabulary.objects.values_list("key_id")
        .annotate(rows=Count("id"))
        .filter(rows__gte=max(rows, 2))
    )
    return sum(_compact(key) for key, _ in list(many))


def _compact(key: UUID) -> bool:
    """In small steps with rests between: people are writing meanwhile, on the same processor."""
    rows = list(Vocabulary.objects.filter(key=key).order_by("id").values_list("id", flat=True))
    while len(rows) > 1:
        merged = []
        for some in batched(rows, _TOGETHER):
            began = monotonic()
            if row := _merge(key, some):
                merged.append(row)
            sleep(_REST * (monotonic() - began))
        rows = merged
    return bool(rows)


@transaction.atomic
def _merge(key_id: UUID, rows: Sequence[UUID]) -> UUID | None:
    """Put one row in the place of these; None where there is nothing left to count."""
    key = IndexKey.objects.select_related("domain").filter(id=key_id).first()
    if key is None:
        return None
    # Takes the key's lock before the rows', as a rebuild does.
    month = open_month(Place.of(key.domain), key.month, versions=key.domain.versions)
    if month.key_id != key_id:
        return None
    taken = ask(_TAKE, {"rows": array(rows)})
    words = [vocabulary.unseal(month.keys.words, row, sealed) for row, sealed in taken]
    return add_vocabulary(month, vocabulary.merged(words))
