"""How the record is looked after, for those who run the machines: no content, and nobody's name."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings

from accounts.models import Provenance
from accounts.queries import provenance
from audit.clock import now
from audit.journal.places import stands_inside
from audit.journal.problems import journal_problems
from audit.journal.shipping import head
from retention.copies import overdue_copies, places_unseen, places_with_copies
from retention.models import KeyringPlace
from schoolchat.backup.models import Backup, Drill

_SHOWN: Final = 10
_LITTLE, _VERY_LITTLE = 0.15, 0.05  # of the disk


class Light(StrEnum):
    """How a thing stands; the value is the chip's class."""

    GREEN = "chip--good"
    AMBER = "chip--warn"
    RED = "chip--bad"


@dataclass(frozen=True, kw_only=True)
class Space:
    """Free and all bytes of the disk with the data folder."""

    free: int
    total: int
    light: Light


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the page of health says.

    Attributes:
        journal_inside: whether it stands in the data folder, and would be lost with it.
        journal: a sentence for each thing that is wrong with the journal.
        journal_lines: how many lines stand in it.
        snapshot_days: how long snapshots of the machine are kept; None where nobody has said.
        copies_overdue: certificates whose copies of the keyring nobody has seen end in time.
        places_unseen: folders of copies that nobody has looked into since a restore.
        places: folders with copies of the keyring, where something is wrong with these.
        sheet_at: when the recovery sheet was typed back; None where no school was set up.
    """

    backups: list[Backup]
    backup_light: Light
    drills: list[Drill]
    drill_light: Light
    journal_inside: bool
    journal: list[str]
    journal_lines: int
    space: Space | None
    snapshot_days: int | None
    snapshots_too_long: bool
    keyring_days: int
    copies_overdue: int
    places_unseen: int
    places: list[KeyringPlace]
    sheet_at: datetime | None

    @property
    def last_backup(self) -> Backup | None:
        """The newest."""
        return self.backups[0] if self.backups else None

    @property
    def last_drill(self) -> Drill | None:
        """The newest."""
        return self.drills[0] if self.drills else None


def status() -> Status:
    """As it is now."""
    backups = list(Backup.objects.order_by("-number")[:_SHOWN])
    drills = list(Drill.objects.order_by("-number")[:_SHOWN])
    chosen, school = settings.BACKUPS, provenance()
    overdue, unseen = overdue_copies(), places_unseen()
    return Status(
        backups=backups,
        backup_light=_of_backup(backups[0].made_at if backups else None),
        drills=drills,
        drill_light=_of_drill(drills[0] if drills else None),
        journal_inside=stands_inside(),
        journal=[str(problem) for problem in journal_problems()],
        journal_lines=head().number,
        space=_space(),
        snapshot_days=chosen.snapshot_days,
        snapshots_too_long=(chosen.snapshot_days or 0) > chosen.keyring_days,
        keyring_days=chosen.keyring_days,
        copies_overdue=overdue,
        places_unseen=unseen,
        places=list(places_with_copies()) if overdue or unseen else [],
        sheet_at=school.created_at if school and school.kind == Provenance.Kind.SCHOOL else None,
    )


def _of_backup(made_at: datetime | None) -> Light:
    if made_at is None or now() - made_at > timedelta(hours=settings.BACKUPS.red_hours):
        return Light.RED
    late = now() - made_at > timedelta(hours=settings.BACKUPS.amber_hours)
    return Light.AMBER if late else Light.GREEN


def _of_drill(drill: Drill | None) -> Light:
    if drill is None:
        return Light.AMBER
    if drill.problems:
        return Light.RED
    due = now() - drill.finished_at > timedelta(days=settings.BACKUPS.drill_days)
    return Light.AMBER if due else Light.GREEN


def _space() -> Space | None:
    try:
        usage = shutil.disk_usage(Path(settings.DATA_DIR))
    except OSError:
        return None
    share = usage.free / usage.total
    light = Light.RED if share < _VERY_LITTLE else Light.AMBER if share < _LITTLE else Light.GREEN
    return Space(free=usage.free, total=usage.total, light=light)
