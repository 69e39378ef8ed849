"""What has to outlast a loss of power. Pure."""

import os
from pathlib import Path


def force_folder(folder: Path) -> None:
    """What was renamed, made or removed in a folder is so on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
