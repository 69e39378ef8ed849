"""Storage that is full, or away."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.test import override_settings


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, handled)


@contextmanager
def away(folder: Path) -> Iterator[None]:
    """What should be a folder is a file."""
    (folder / "file").write_bytes(b"")
    with override_settings(FILES=replace(settings.FILES, place=folder / "file" / "files")):
        yield
