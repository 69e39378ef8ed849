"""The virus scanner is asked before anybody can open a file, and its silence is not a yes."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.checks import run_checks

from messaging.files import scanner as asked
from messaging.files.refusals import Infected, NotScanned, TooLargeToScan
from messaging.files.scanner import Verdict, answers, scan
from tests.messaging.files import samples
from tests.messaging.files.clamav import Clamd, clamd

Decide = Callable[..., None]


@pytest.mark.parametrize("way", ["unix", "tcp"])
def test_what_is_harmful_is_found_and_what_is_not_passes(
    scanner: Clamd, decide: Decide, way: str
) -> None:
    decide(scanner=getattr(scanner, way))
    assert answers()
    assert scan([b"Good morning", b"", b" everybody"]) == Verdict.CLEAN
    with pytest.raises(Infected) as found:
        scan([samples.EICAR[:20], samples.EICAR[20:]])
    assert found.value.found == "Eicar-Test.UNOFFICIAL"
    assert "Eicar" not in str(found.value)


def test_it_is_found_in_an_archive_and_in_a_document(scanner: Clamd) -> None:
    for hidden in (samples.archive({"a": samples.EICAR}), samples.openxml(word__a=str_of_eicar())):
        with pytest.raises(Infected):
            scan([hidden])


def str_of_eicar() -> str:
    return samples.EICAR.decode()


def test_a_file_of_many_pieces_is_looked_at_to_its_end(scanner: Clamd) -> None:
    filler = bytes(100_000)
    assert scan([filler] * 6) == Verdict.CLEAN
    with pytest.raises(Infected):
        scan([*[filler] * 6, samples.EICAR])


def test_a_file_that_is_too_large_for_it_is_refused_and_not_kept_waiting(scanner: Clamd) -> None:
    with pytest.raises(TooLargeToScan):
        scan([bytes(256 * 1024)] * 40)
    assert scan([b"the next one"]) == Verdict.CLEAN


def test_while_it_is_away_files_wait_or_are_refused_as_the_school_says(decide: Decide) -> None:
    with clamd() as daemon:
        decide(scanner=daemon.unix)
        daemon.stop()
        assert not answers()
        assert scan([b"hello"]) == Verdict.AWAY
        decide(when_away="refuse")
        with pytest.raises(NotScanned):
            scan([b"hello"])
        daemon.start()
        assert scan([b"hello"]) == Verdict.CLEAN


@contextmanager
def somebody_who_says(said: bytes) -> Iterator[str]:
    """A server that takes a connection, says this, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(100_000)
                line.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    "said",
    [b"", b"stream: ", b"stream: Error FOUND nothing\0", b"UNKNOWN COMMAND\0", b"\xff\xfe\0"],
)
def test_an_answer_that_is_not_a_verdict_is_none(decide: Decide, said: bytes) -> None:
    with somebody_who_says(said) as address:
        decide(scanner=address)
        assert scan([b"hello"]) == Verdict.AWAY


def test_one_that_says_nothing_is_away_after_its_time(
    decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "PATIENCE_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        decide(scanner=f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        assert scan([b"hello"], within=0.04) == Verdict.SLOW
        assert scan([b"hello"], within=0.05) == Verdict.AWAY


def test_a_school_that_has_switched_it_off_scans_nothing(decide: Decide) -> None:
    decide(scanner="off")
    assert answers()
    assert scan([samples.EICAR]) == Verdict.CLEAN


def test_whoever_has_not_decided_is_told(decide: Decide) -> None:
    decide(scanner="off", decided=False)
    assert "messaging.W001" in [found.id for found in run_checks(tags=["files"])]
    decide(decided=True)
    assert "messaging.W001" not in [found.id for found in run_checks(tags=["files"])]
