"""The clock of the past, and a bundle in its three forms."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pyzipper

from audit import keyring
from tests.retention.bundles import PASSPHRASE, ROOT, write
from tests.retention.older import Restored, backup, shipped

PAST = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)

type Clock = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`with at(then):` messages are posted at that time."""

    @contextmanager
    def posted(then: datetime) -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr("messaging.ingest.store.now", lambda: then)
            yield

    return posted


@pytest.fixture
def restored(movable_keyring: Path) -> Restored:
    """`with restored():` what happens in the block is lost but for the journal. The keyring is of
    the time of the backup, too, so that everything in it can be opened again."""

    @contextmanager
    def block() -> Iterator[None]:
        shipped()
        with backup():
            yield
            shipped()
        shutil.copy(movable_keyring, keyring.keyring_file())
        keyring.forget()

    return block


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "export.bundle.zip"
    write(out)
    return out


@pytest.fixture(scope="module")
def inner(bundle: Path) -> bytes:
    with pyzipper.AESZipFile(bundle) as outer:
        outer.setpassword(PASSPHRASE.encode())
        return bytes(outer.read("export.zip"))


@pytest.fixture
def folder(inner: bytes, tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        archive.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked" / ROOT
