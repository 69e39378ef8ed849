"""What the school has decided about backups, read from the environment. Pure."""

from dataclasses import dataclass

from schoolchat.environment import number


@dataclass(frozen=True, kw_only=True)
class Backups:
    """How long copies of the keyring are kept, and what the page of health says.

    Attributes:
        keyring_days: days after which a copy of the keyring is taken away.
        amber_hours, red_hours: from which age on the last backup is said to be late.
        drill_days: days within which a drill is due.
        snapshot_days: how long the school keeps snapshots of the machine, replicas and archives of
            the database, which copy keys and content together; None where it has not said.
    """

    keyring_days: int
    amber_hours: int
    red_hours: int
    drill_days: int
    snapshot_days: int | None


def backups() -> Backups:
    """Read all of it."""
    snapshots = number("SCHOOLCHAT_SNAPSHOT_DAYS", -1)
    return Backups(
        keyring_days=max(number("SCHOOLCHAT_KEYRING_DAYS", 35), 1),
        amber_hours=number("SCHOOLCHAT_BACKUP_AMBER_HOURS", 26),
        red_hours=number("SCHOOLCHAT_BACKUP_RED_HOURS", 74),
        drill_days=number("SCHOOLCHAT_DRILL_DAYS", 120),
        snapshot_days=None if snapshots < 0 else snapshots,
    )
