"""What anybody may have of the log: the newest published head, and the hashes below it."""

from itertools import pairwise

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.checkpoints import note_of, verifier_key
from audit.models import Checkpoint, Entry, Leaf
from audit.restores import declare_restore
from audit.services import record
from audit.tree.frontier import root_of
from audit.tree.hashes import HASH_BYTES
from audit.tree.notes import (
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
    verify_note,
)
from audit.tree.tiles import TILE_WIDTH, hashes_in, tile_path, tile_root, tiles_of
from oversight.services.publications import publish
from tests.cast import client_of
from tests.oversight.outside import signed
from tests.roles import acting_as

FULL = "public, max-age=31536000, immutable"


def _get(path: str, by: Client | None = None) -> HttpResponse:
    return (by or Client()).get(f"/audit/{path}")  # type: ignore[return-value]


def _published(by: User, entries: int = 1) -> Checkpoint:
    checkpoint = signed(entries)
    publish(by=by, reason="asked")
    return checkpoint


def test_a_head_that_was_only_signed_is_told_to_nobody(gwen: User) -> None:
    signed()
    assert _get("checkpoint").status_code == 404
    assert _get("tile/0/000.p/1").status_code == 404
    published = _published(gwen)
    signed(5)
    assert _get("checkpoint").content.decode() == note_of(published)
    assert _get(f"tile/0/000.p/{published.size}").status_code == 200
    assert _get(f"tile/0/000.p/{published.size + 1}").status_code == 404


def test_the_note_is_one_that_outside_tools_accept(gwen: User) -> None:
    checkpoint = _published(gwen)
    answer = _get("checkpoint")
    note, key = parse_note(answer.content.decode()), parse_verifier_key(verifier_key())
    body = parse_checkpoint(note.text)
    assert verify_note(note, key.name, key.public_key)
    assert (body.origin, body.size, body.root) == (
        key.name,
        checkpoint.size,
        bytes(checkpoint.root),
    )
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"


def test_the_tiles_of_the_published_size_give_its_root(gwen: User) -> None:
    checkpoint = _published(gwen, entries=600)
    signed(400)
    leaves: list[bytes] = []
    for place in tiles_of(checkpoint.size):
        answer = _get(tile_path(place.level, place.index, place.width))
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Cache-Control"] == FULL
        hashes = hashes_in(answer.content)
        assert len(hashes) == place.width
        if place.level == 0:
            leaves += hashes
        else:
            fulls = [leaves[at : at + TILE_WIDTH] for at in range(0, len(leaves), TILE_WIDTH)]
            assert hashes == [tile_root(full) for full in fulls if len(full) == TILE_WIDTH]
    assert root_of(leaves) == bytes(checkpoint.root)


def test_a_full_tile_is_served_once_all_of_it_is_published(gwen: User) -> None:
    _published(gwen, entries=200)
    signed(200)
    assert _get("tile/0/000").status_code == 404
    _published(gwen)
    whole = _get("tile/0/000").content
    assert len(whole) == TILE_WIDTH * HASH_BYTES
    first = Leaf.objects.order_by("number").values_list("hash", flat=True)[0]
    assert whole[:HASH_BYTES] == bytes(first)


def test_a_partial_tile_of_any_width_is_the_beginning_of_a_longer_one(gwen: User) -> None:
    checkpoint = _published(gwen, entries=9)
    served = [_get(f"tile/0/000.p/{width}").content for width in range(1, checkpoint.size + 1)]
    for shorter, longer in pairwise(served):
        assert longer[: len(shorter)] == shorter
        assert len(longer) == len(shorter) + HASH_BYTES


ODD = [
    "tile/",
    "tile/0",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/00/000",
    "tile/-1/000",
    "tile/64/000",
    "tile/0/000.p/0",
    "tile/0/000.p/00",
    "tile/0/000.p/256",
    "tile/0/000.p/1/",
    "tile/0/000.p/1.p/1",
    "tile/0/x000/000",
    "tile/0/999",
    "tile/0/x999/x999/x999/x999/x999/x999/999",
    "tile/0/000%0A",
    "tile/0/%2e%2e/checkpoint",
    "tile/0/٠٠٠",
    "tile/entries/000",
    "tile/entries/000.p/1",
]


@pytest.mark.parametrize("path", ODD)
def test_any_other_path_is_not_there(path: str, gwen: User) -> None:
    _published(gwen, entries=3)
    assert _get(path).status_code == 404


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/1"])
def test_it_is_only_read(path: str, gwen: User) -> None:
    _published(gwen)
    browser = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete", "options", "trace"):
        assert getattr(browser, method)(f"/audit/{path}").status_code == 405
    head = browser.head(f"/audit/{path}")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/1"])
def test_it_is_the_same_for_everybody_and_no_cookie_is_asked_or_set(
    path: str, gwen: User, carol: User, theo: User
) -> None:
    _published(gwen)
    answers = [_get(path), *(_get(path, client_of(one)) for one in (carol, theo, gwen))]
    assert len({answer.content for answer in answers}) == 1
    for answer in answers:
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint/",
        "checkpointed",
        "checkpoints/",
        "checkpoint.txt",
        "tile",
        "tiles/0/000",
        "entries/1/",
    ],
)
def test_the_neighbours_stay_behind_the_door(path: str, gwen: User, carol: User) -> None:
    _published(gwen)
    assert _get(path).status_code == 302
    assert _get(path, client_of(carol)).status_code == 404


def test_after_a_declared_restore_the_new_log_is_served(gwen: User) -> None:
    former = _published(gwen, entries=3)
    with acting_as("owner"):
        declare_restore()
    signed()
    assert _get("checkpoint").content.decode() == note_of(former)
    checkpoint = _published(gwen, entries=2)
    assert _get("checkpoint").content.decode() == note_of(checkpoint)
    leaves = hashes_in(_get(f"tile/0/000.p/{checkpoint.size}").content)
    assert root_of(leaves) == bytes(checkpoint.root)


def test_looking_at_it_writes_nothing(gwen: User) -> None:
    _published(gwen)
    before = Entry.objects.count()
    _get("checkpoint")
    _get("tile/0/000.p/1")
    assert Entry.objects.count() == before


def test_no_entry_of_a_busy_day_is_counted_from_outside(gwen: User) -> None:
    _published(gwen)
    before = _get("checkpoint").content
    with transaction.atomic():
        record(Action.KEYRING_MOVED, actor=None, generation=2)
    signed(50)
    assert _get("checkpoint").content == before
