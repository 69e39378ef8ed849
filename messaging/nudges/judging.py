"""What becomes of words that fall under a rule: counted, and refused where the school says so.

Nothing is asked of the database for words that fall under none, which is nearly all of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from messaging.exceptions import MessagingError, WordsBlocked
from messaging.ingest.admission import Known
from messaging.ingest.drafts import Draft
from messaging.ingest.forwarding import Forwarded
from messaging.nudges.models import NudgeCount
from messaging.nudges.rules import found_in
from messaging.nudges.wording import blocked as sentence_of
from messaging.nudges.wording import usual_route
from messaging.school.queries import school_settings
from messaging.school.values import Nudging
from messaging.vault.bodies import Body


@dataclass(kw_only=True)
class _Bench:
    """What the school has settled, and what was found under it."""

    nudges: Mapping[str, Nudging]
    route: str | Promise
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def judge(self, found: tuple[str, ...]) -> WordsBlocked | None:
        """Whether words that fall under these rules are refused; counts them either way."""
        counted = [rule for rule in found if self.nudges[rule] is not Nudging.OFF]
        first = next((rule for rule in counted if self.nudges[rule] is Nudging.BLOCK), None)
        self.counts.update((rule, first is not None) for rule in counted)
        return WordsBlocked(sentence_of(first, self.route)) if first else None

    def keep(self) -> None:
        """Keep the numbers for the log."""
        today = timezone.localdate()
        NudgeCount.objects.bulk_create(
            NudgeCount(day=today, rule=rule, refused=refused, count=count)
            for (rule, refused), count in self.counts.items()
        )


def judged(
    drafts: Sequence[Draft],
    known: Sequence[Known],
    brought: Mapping[Draft, Forwarded],
    refused: Sequence[MessagingError | None],
) -> list[MessagingError | None]:
    """Why each draft of a batch is refused, or None: what was `refused` before stays so, what was
    posted before is not judged again."""
    today = timezone.localdate()
    found = {
        draft: names
        for draft, its, no in zip(drafts, known, refused, strict=True)
        if no is None and its.earlier is None
        if (names := found_in(_words_of(draft, brought), today))
    }
    if not found:
        return list(refused)
    bench = _bench()
    blocked = {draft: bench.judge(names) for draft, names in found.items()}
    bench.keep()
    return [no or blocked.get(draft) for draft, no in zip(drafts, refused, strict=True)]


def _words_of(draft: Draft, brought: Mapping[Draft, Forwarded]) -> str:
    passed_on = brought.get(draft) if draft.forward else None
    return passed_on.text if isinstance(passed_on, Body) else draft.body


def check_words(text: str) -> None:
    """Raise WordsBlocked for words of one message that the school does not let be said; they
    are counted where they are let through, with the change that says them."""
    found = found_in(text, timezone.localdate())
    if not found:
        return
    bench = _bench()
    if refused := bench.judge(found):
        raise refused
    bench.keep()


@transaction.atomic
def count_refused(text: str) -> None:
    """Count words that `check_words` has refused, after the change they were for was undone, and
    the numbers with it."""
    bench = _bench()
    if bench.judge(found_in(text, timezone.localdate())):
        bench.keep()


def _bench() -> _Bench:
    settings = school_settings()
    route = settings.safeguarding_route or usual_route()
    return _Bench(nudges=settings.nudges, route=route)
