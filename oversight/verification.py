"""The whole record, verified: the log by itself, and what stands in the apps above against it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from typing import Final

from audit.declarations import declarations
from audit.models import Entry
from audit.origins import current_tree
from audit.signed_head import SignedHead
from audit.verification.findings import Finding
from audit.verification.log import wrong_log
from audit.verification.outside import wrong_beside
from audit.verification.readable import readable
from messaging.models import MessageVersion
from messaging.verify import nightly, whole, wrong_content
from retention.verify import wrong_disposals

MOST_NAMED: Final = 100

#: Step, how much of it is done, how much there is.
type Progress = Callable[[str, int, int], None]


class Scope(StrEnum):
    """How much is verified: always the whole log, and all versions or a night's share of them."""

    NIGHTLY = "nightly"
    WHOLE = "whole"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was verified and found.

    Attributes:
        entries: entries of the log.
        versions: versions held against their commitments.
        size: leaves of the tree that grows.
        findings: what is wrong, at most a hundred things, the first one first.
        notes: what is not wrong and should be known, as a restore that was declared.
    """

    entries: int
    versions: int
    size: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each finding."""
        return tuple(str(one) for one in self.findings)


class _Counted:
    """The progress of the steps, and how many versions were looked at."""

    def __init__(self, progress: Progress) -> None:
        self.versions = 0
        self._progress = progress
        self._leaves = Entry.objects.count()
        self._all_versions = MessageVersion.objects.count()

    def leaves(self, done: int) -> None:
        self._progress("log", done, max(done, self._leaves))

    def content(self, done: int) -> None:
        self.versions = done
        self._progress("content", done, max(done, self._all_versions))


def verify(
    *,
    scope: Scope = Scope.WHOLE,
    outside: SignedHead | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Verify everything, or a night's share; `outside` is a head from a checkpoint kept outside."""
    counted = _Counted(progress)
    findings = tuple(islice(_wrong(scope, outside, counted), MOST_NAMED))
    tree = current_tree()
    return Report(
        entries=Entry.objects.count(),
        versions=counted.versions,
        size=tree.size if tree else 0,
        findings=findings,
        notes=tuple(_notes()),
    )


def _wrong(scope: Scope, outside: SignedHead | None, counted: _Counted) -> Iterator[Finding]:
    share = nightly() if scope is Scope.NIGHTLY else whole()
    return chain(
        wrong_beside(outside, "The checkpoint kept outside") if outside else (),
        wrong_log(counted.leaves),
        readable(wrong_content(share, counted.content), "The versions of messages"),
        wrong_disposals(),
    )


def _notes() -> Iterator[str]:
    for one in declarations():
        yield (
            f"A restore was declared at leaf {one.leaf}: a backup of {one.backup_size} entries was "
            f"put back, and {one.lost} that were signed for after it are gone."
        )
