"""Whatever is done to a record, in whatever order, it is as a plain model of it says.

`SCHOOLCHAT_MODEL_EXAMPLES=2000 python -m pytest tests/retention/test_against_a_model.py` runs so
many examples, longer ones and others each time, instead of the few and always same ones.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from retention.proposing import due
from tests.retention.machine_disposing import CHUNK, reached
from tests.retention.machine_ending import AgainstAModel
from tests.retention.model_batches import Outcome
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

_LARGE: Final = int(os.environ.get("SCHOOLCHAT_MODEL_EXAMPLES", "0"))
_SETTINGS: Final = settings(
    max_examples=_LARGE or 12,
    stateful_step_count=60 if _LARGE else 25,
    derandomize=not _LARGE,
    database=None,
    deadline=None,
    phases=(Phase.generate,) if _LARGE else (Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def machine(
    movable_keyring: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> type[AgainstAModel]:
    settings.EDIT_WINDOW_MINUTES = 60 * 24 * 10_000
    monkeypatch.setattr(due, "CHUNK", CHUNK)
    monkeypatch.setattr(AgainstAModel, "kept", movable_keyring, raising=False)
    return AgainstAModel


@pytest.fixture
def without_holds() -> Iterator[None]:
    """The database holds nothing any more, whatever holds there are."""
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('retention_held')")
        real = cursor.fetchone()[0].rstrip(";")
        view = "CREATE OR REPLACE VIEW retention_held AS"
        cursor.execute(f"{view} SELECT * FROM ({real}) held WHERE false")
        yield
        cursor.execute(f"{view} {real}")


@pytest.mark.usefixtures("without_holds")
def test_it_fails_where_holds_hold_nothing(machine: type[AgainstAModel]) -> None:
    once = settings(_SETTINGS, phases=(Phase.generate,), derandomize=True, max_examples=20)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=once)


def test_whatever_is_done_the_record_is_as_the_model_says(machine: type[AgainstAModel]) -> None:
    reached.clear()
    run_state_machine_as_test(machine, settings=_SETTINGS)
    assert {Outcome.DESTROYED, Outcome.OUT_OF_VIEW} <= reached.keys()
    if _LARGE:
        sys.stdout.write(f"{dict(reached)}\n")
