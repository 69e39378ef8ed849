"""The mark of a restore that is not over: a file in the folder of data, beside which `serve` does
not start. Needs no database."""

from pathlib import Path
from typing import Final

_MARK: Final = "restore.unfinished"
HALF_RESTORED: Final = (
    "A restore was begun here and has not ended: run `restore` again on an empty database and an "
    "empty data folder."
)


def mark_in(data_dir: Path) -> Path:
    """Where it stands."""
    return data_dir / _MARK
