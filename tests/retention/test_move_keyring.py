"""The move of the keyring, killed after each of its steps and taken up again."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from accounts.models import PersonalKey, User
from accounts.personal_keys import open_own, seal_own
from audit import keyring
from audit.clock import now
from audit.models import Generation, RecordKey, RingHolder
from audit.sealed import open_record, seal_record
from messaging.models import ContentKey, IndexKey, KeptDraft
from messaging.own_queries import drafts_of
from messaging.own_words import OwnWords
from messaging.rendering import messages_json
from messaging.services.kept_drafts import keep_draft
from messaging.vault.keys import forget_ciphers
from retention.exceptions import MoveBlocked
from retention.keyring_move import STEPS, current_generation, finish_interrupted_move, move_keyring
from tests.scenes import channel_of, say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("movable_keyring"),
    pytest.mark.database_role("disposer"),
]

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
def test_a_move_that_was_killed_is_taken_up_again(done: int, as_role: AsRole, alice: User) -> None:
    with as_role("web"):
        message = say(alice, channel_of(alice), "Still here")
        with transaction.atomic():
            sealed = seal_record("hold", {"reason": "kept"})
        own, _key = seal_own(alice.pk, "draft", b"Not yet", "here")
        words = OwnWords(text="Nor this")
        keep_draft(person=alice, channel_id=message.channel_id, words=words, written_at=now())
    for step in STEPS[:done]:
        step(1)
    keyring.forget()
    finish_interrupted_move()
    if current_generation() == 1:
        move_keyring()

    assert current_generation() == 2
    assert list(keyring.read(keyring.keyring_file()).generations) == [2]
    for table in (RecordKey, ContentKey, IndexKey, PersonalKey, KeptDraft):
        assert set(table.objects.values_list("generation", flat=True)) == {2}
    forget_ciphers()
    assert messages_json([message])[0]["body"] == "Still here"
    assert open_record(sealed.id) == {"reason": "kept"}
    assert open_own(PersonalKey.objects.get(person=alice), "draft", own, "here") == b"Not yet"
    assert [draft.words for draft in drafts_of(alice)] == [words]


def test_no_half_written_copy_of_the_old_generation_is_left(movable_keyring: Path) -> None:
    file = keyring.keyring_file()
    left = file.with_name(f".{file.name}.4711")
    shutil.copy(movable_keyring, left)
    move_keyring()
    assert not left.exists()


def test_a_machine_that_has_not_confirmed_blocks_it_by_name() -> None:
    RingHolder.objects.create(machine="annexe", generation=1, confirmed_at=now())
    with pytest.raises(MoveBlocked, match="annexe"):
        move_keyring()
    assert current_generation() == 1
    RingHolder.objects.filter(machine="annexe").update(generation=2)
    assert move_keyring().generation == 2


def test_a_generation_goes_only_when_no_key_hangs_on_it(as_role: AsRole, alice: User) -> None:
    with as_role("web"):
        say(alice, channel_of(alice), "Hangs on generation 1")
    with pytest.raises(IntegrityError):
        Generation.objects.filter(number=1)._raw_delete("default")


def test_a_process_with_the_old_keyring_reads_it_anew(
    as_role: AsRole, movable_keyring: Path, alice: User
) -> None:
    with as_role("web"):
        channel = channel_of(alice)
        message = say(alice, channel, "Before")
    old = keyring.read(movable_keyring)
    move_keyring()
    keyring._cache[keyring.keyring_file()] = old
    forget_ciphers()
    with as_role("web"):
        say(alice, channel, "After")
        assert messages_json([message])[0]["body"] == "Before"
