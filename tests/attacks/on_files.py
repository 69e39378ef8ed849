"""Attacks on the files of messages, by somebody who has the storage and the database."""

import os
from pathlib import Path

from django.conf import settings

from messaging.files.places import place
from tests.attacks.attack import Attack
from tests.attacks.world import World, run


def _bytes_of(world: World) -> Path:
    folder = settings.FILES.place
    assert isinstance(folder, Path)
    (found,) = folder.rglob(str(world.file))
    return found


def _alter(world: World) -> None:
    file = _bytes_of(world)
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(data)


def _cut_short(world: World) -> None:
    file = _bytes_of(world)
    os.truncate(file, file.stat().st_size - 1)


def _put_another_in_its_place(world: World) -> None:
    place().put(str(world.file), [os.urandom(200)])


def _remove(world: World) -> None:
    _bytes_of(world).unlink()


def _remove_and_forget(world: World) -> None:
    """The row that names it, too."""
    _remove(world)
    run("DELETE FROM messaging_attachment WHERE file_id = %s", str(world.file))
    run("DELETE FROM messaging_file WHERE id = %s", str(world.file))


ATTACKS = (
    Attack(name="a file's bytes altered", do=_alter, said=("File", "altered")),
    Attack(name="a file cut short", do=_cut_short, said=("File", "altered")),
    Attack(name="another file put there", do=_put_another_in_its_place, said=("File", "altered")),
    Attack(name="a file removed", do=_remove, said=("File", "removed")),
    Attack(name="a file and its row removed", do=_remove_and_forget, said=("File", "removed")),
)
