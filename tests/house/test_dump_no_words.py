"""Of 200 seeded words, names and numbers none stands in a dump, a heap or the server's log."""

import os
import subprocess
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from random import Random

import psycopg
import pytest
from django.conf import settings

from accounts.models import User
from messaging.search.pending import flush_written
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from messaging.search.words import compact_vocabularies
from messaging.services.channels import open_direct
from messaging.services.messages import delete_message, edit_message
from schoolchat.database.binaries import find_binaries
from schoolchat.database.place import find_place
from tests.house.disk import files_with, folders, superuser
from tests.roles import acting_as
from tests.scenes import channel_of, say

pytestmark = pytest.mark.django_db(transaction=True)

#: What each of them begins with: to look for these is to look for all, and for parts of them too.
BEGINNINGS = ("quorvil", "zwylda", "0770090")
LETTERS = "abcdefghiklmnoprstuv"


@pytest.fixture
def to(transactional_db: None) -> Iterator[psycopg.Connection]:
    with superuser() as connection:
        yield connection


def _seeded() -> list[str]:
    random = Random(13)
    ends = ["".join(random.choices(LETTERS, k=4)) for _ in range(160)]
    words = [f"quorvil{end}" for end in ends[:100]]
    names = [f"Zwylda{end}" for end in ends[100:]]
    numbers = [f"0770090{random.randrange(10_000):04}" for _ in range(40)]
    every = [*words, *names, *numbers]
    random.shuffle(every)
    return every


def _write(seeded: list[str], alice: User, bob: User) -> None:
    """In channels of every kind; some edited, some deleted; then tidied up as the worker does."""
    channels = [
        channel_of(alice, bob),
        channel_of(alice, bob, name="Concerns", sensitive=True),
        open_direct(by=alice, people=[bob]),
    ]
    for number, (*words, last) in enumerate(batched(seeded, 10, strict=True)):
        message = say(alice, channels[number % 3], " ".join(words))
        if number % 5 == 0:
            delete_message(by=alice, message_id=message.id)
        edited = number % 5 == 1
        if edited:
            edit_message(author=alice, message_id=message.id, body=f"{words[0]} and {last}")
        else:
            say(bob, channels[number % 3], last)
    with acting_as("worker"):
        compact_vocabularies(rows=2)
        flush_written()


def test_none_of_them_stands_in_a_dump_a_heap_or_the_log(
    to: psycopg.Connection, alice: User, bob: User
) -> None:
    seeded = _seeded()
    assert len(set(seeded)) == 200
    _write(seeded, alice, bob)
    desk = Scope(channels=None, versions=True)
    assert all(search(desk, parse(word)).hits for word in seeded[:20])
    assert search(desk, parse("quorv*")).hits

    assert not _stands_in(_dump())
    to.execute("CHECKPOINT")
    assert files_with(BEGINNINGS, [*folders(to), find_place(Path(settings.DATA_DIR)).state]) == []


def test_the_same_look_finds_what_a_dump_holds_in_the_clear(to: psycopg.Connection) -> None:
    to.execute("CREATE TABLE public.planted (said text, raw bytea)")
    try:
        to.execute("INSERT INTO public.planted VALUES ('Zwyldaking', '')")
        assert _stands_in(_dump())
        to.execute("TRUNCATE public.planted")
        to.execute("INSERT INTO public.planted VALUES ('', 'quorvilking')")
        assert _stands_in(_dump())
    finally:
        to.execute("DROP TABLE public.planted")


def _stands_in(dump: bytes) -> bool:
    """Whether one of them stands in a dump, which writes bytes by their hexadecimal digits."""
    dump = dump.lower()
    wanted = [beginning.encode() for beginning in BEGINNINGS]
    return any(
        one in dump or one.hex().encode() in dump or one.capitalize().hex().encode() in dump
        for one in wanted
    )


def _dump() -> bytes:
    """Everything, the tables of the search included."""
    place = find_place(Path(settings.DATA_DIR))
    with superuser() as connection:
        info = connection.info
        command = [str(find_binaries(place) / "pg_dump"), "--no-owner", f"--host={info.host}"]
        command += [f"--port={info.port}", f"--username={info.user}", info.dbname]
        environment = {**os.environ, "PGPASSWORD": info.password or ""}
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
    return done.stdout
