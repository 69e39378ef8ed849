"""docs/verify_log.py on two checkpoints: whether the log only grew between them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from tests.audit.sealed_log import OTHER_KEY, SCHOOLS_KEY, SealedLog, line, sealed_log
from tests.audit.verify_log import (
    IN_ORDER,
    LOG,
    NOT_CHECKED,
    NOT_IN_ORDER,
    NOTE,
    Keep,
    Verdict,
    in_process,
    run,
)

Compare = Callable[[Path | str, str, str], Verdict]


@pytest.fixture
def compare(keep: Keep, script: ModuleType) -> Compare:
    """`consistency` of an old and a new checkpoint with the log's tiles."""

    def run_it(log: Path | str, old: str, new: str) -> Verdict:
        files = keep(old), keep(new)
        return in_process(script, "consistency", *files, "--key", SCHOOLS_KEY, "--log", log)

    return run_it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log's tiles as files, at its size of 300."""
    made = tmp_path_factory.mktemp("log")
    LOG.write_tiles(made, 300)
    return made


def rewritten() -> SealedLog:
    """The log with one entry changed, sealed again from there and signed with the school's key."""
    log = sealed_log(300)
    log.lines[17] = line(17, "session.ended", None)
    return log


@pytest.mark.parametrize("old", [0, 1, 255, 256, 257, 300])
def test_a_log_that_only_grew_is_in_order(old: int, folder: Path, compare: Compare) -> None:
    status, verdict = compare(folder, LOG.note(old), NOTE)
    assert (status, verdict.count("\n")) == (IN_ORDER, 1)
    assert f"the {old} entries of the old checkpoint stand unchanged among the 300" in verdict


def test_a_log_that_was_rewritten_is_wrong(compare: Compare, tmp_path: Path) -> None:
    log = rewritten()
    log.write_tiles(tmp_path / "log", 300)
    status, verdict = compare(tmp_path / "log", LOG.note(100), log.note(300))
    assert (status, "first 100 entries were changed" in verdict) == (NOT_IN_ORDER, True)
    assert compare(tmp_path / "log", LOG.note(17), log.note(300))[0] == IN_ORDER


def test_a_log_that_shows_old_tiles_below_new_ones_is_wrong(
    compare: Compare, folder: Path, tmp_path: Path
) -> None:
    """The tiles at level 0 are those of the old history, the tile above is that of the new."""
    log = rewritten()
    log.write_tiles(tmp_path / "log", 300)
    for file in (folder / "tile" / "0").rglob("*"):
        if file.is_file():
            below = tmp_path / "log" / "tile" / "0" / file.relative_to(folder / "tile" / "0")
            below.write_bytes(file.read_bytes())
    for old in (100, 256, 257):
        assert compare(tmp_path / "log", LOG.note(old), log.note(300))[0] == NOT_IN_ORDER


def test_two_histories_of_one_size_are_wrong(compare: Compare, folder: Path) -> None:
    status, verdict = compare(folder, rewritten().note(300), NOTE)
    assert (status, "were changed" in verdict) == (NOT_IN_ORDER, True)


def test_a_log_that_was_rolled_back_is_wrong(keep: Keep, folder: Path) -> None:
    files = keep(NOTE), keep(LOG.note(299))
    status, verdict = run("consistency", *files, "--key", SCHOOLS_KEY, "--log", folder)
    assert (status, "rolled back" in verdict) == (NOT_IN_ORDER, True)
    status, verdict = run("consistency", *files[::-1], "--key", SCHOOLS_KEY, "--log", folder)
    assert (status, verdict.count("\n")) == (IN_ORDER, 1)


def test_a_swapped_checkpoint_is_wrong(compare: Compare, folder: Path) -> None:
    status, verdict = compare(folder, LOG.note(100, OTHER_KEY), NOTE)
    assert (status, "not signed by" in verdict) == (NOT_IN_ORDER, True)
    status, verdict = compare(folder, LOG.note(100), rewritten().note(300))
    assert (status, "not those of the new checkpoint" in verdict) == (NOT_IN_ORDER, True)


def test_a_log_without_the_tiles_is_not_checked(compare: Compare, tmp_path: Path) -> None:
    status, verdict = compare(tmp_path / "none", LOG.note(100), NOTE)
    assert (status, "does not give its tile/" in verdict) == (NOT_CHECKED, True)


def test_the_full_tile_serves_where_the_partial_one_is_gone(compare: Compare, folder: Path) -> None:
    assert compare(folder, LOG.note(7), LOG.note(200))[0] == IN_ORDER


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_tiles_are_read_from_an_address(compare: Compare, folder: Path) -> None:
    with served(folder.parent) as address:
        log = f"{address}/{folder.name}"
        assert compare(f"{log}/", LOG.note(100), NOTE)[0] == IN_ORDER
        assert compare(f"{log}x", LOG.note(100), NOTE)[0] == NOT_CHECKED
    status, verdict = compare(log, LOG.note(100), NOTE)
    assert (status, "cannot be read" in verdict) == (NOT_CHECKED, True)
