"""Whatever somebody with the database does to the record is found, and named for what it is.

One world, and every attack undone before the next.
"""

import shutil
from pathlib import Path

import pytest

from accounts.models import User
from audit.models import Checkpoint, Entry
from audit.signed_head import head_file
from tests.attacks import (
    on_corrections,
    on_disposals,
    on_entries,
    on_files,
    on_messages,
    with_a_key,
)
from tests.attacks.world import found, make_world, undone
from tests.retention.conftest import Clock

ATTACKS = (
    *on_entries.ATTACKS,
    *on_messages.ATTACKS,
    *on_corrections.ATTACKS,
    *on_disposals.ATTACKS,
    *on_files.ATTACKS,
    *with_a_key.ATTACKS,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]


def test_every_attack_is_found_and_named(
    subtests: pytest.Subtests,
    tmp_path: Path,
    at: Clock,
    alice: User,
    bob: User,
    hari: User,
    helen: User,
) -> None:
    world = make_world(at, alice, bob, hari, helen)
    assert Entry.objects.count() > 10_000
    assert found(world.kept_today).problems == ()
    assert found(world.kept_yesterday).problems == ()
    memory = shutil.copy(head_file(), tmp_path / "memory.json")
    for attack in ATTACKS:
        with subtests.test(attack.name):
            with undone():
                attack.do(world)
                if attack.silent_without:
                    assert found().problems == ()
                problems = found(attack.outside(world) if attack.outside else None).problems
            shutil.copy(memory, head_file())
            assert problems, "nothing was found"
            assert [word for word in attack.said if word not in problems[0]] == [], problems[:3]
    assert found(world.kept_today).problems == ()
    assert Checkpoint.objects.count() == 2
