"""Attacks by root on the server, who has the folder of keys, and a key: the school's or another."""

from collections.abc import Callable
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import keyring
from audit.models import Entry
from audit.signed_head import SignedHead, head_file, remember
from tests.attacks.attack import Attack
from tests.attacks.on_entries import MIDDLE
from tests.attacks.rewriting import make_it_fit, roll_back
from tests.attacks.world import World, entry_at


def _rewrite(key: Callable[[], Ed25519PrivateKey], _world: World) -> None:
    Entry.objects.filter(id=entry_at(MIDDLE).id).update(facts={"method": "mfa"})
    make_it_fit(key())


def _roll_back(world: World) -> None:
    """The database and the signer's memory as they were yesterday."""
    roll_back(world.yesterday.size)
    remember(world.kept_yesterday)


def _roll_back_and_leave_the_memory(world: World) -> None:
    roll_back(world.yesterday.size)


def _roll_back_and_remove_the_memory(world: World) -> None:
    roll_back(world.yesterday.size)
    head_file().unlink()


def _school_key() -> Ed25519PrivateKey:
    return keyring.ring().signing_key


def _today(world: World) -> SignedHead:
    return world.kept_today


ATTACKS = (
    Attack(
        name="rewrite everything with another key",
        do=partial(_rewrite, Ed25519PrivateKey.generate),
        said=("not signed by this school's key",),
    ),
    Attack(
        name="rewrite everything with another key, and a checkpoint kept outside",
        do=partial(_rewrite, Ed25519PrivateKey.generate),
        outside=_today,
        said=("The checkpoint kept outside", "rewritten"),
    ),
    Attack(
        name="rewrite everything with the school's own key",
        do=partial(_rewrite, _school_key),
        outside=_today,
        silent_without=True,
        said=("The checkpoint kept outside", "rewritten"),
    ),
    Attack(
        name="roll the whole database back",
        do=_roll_back,
        outside=_today,
        silent_without=True,
        said=("The checkpoint kept outside", "rolled back"),
    ),
    Attack(
        name="roll the database back, and not the signer's memory",
        do=_roll_back_and_leave_the_memory,
        said=("this machine signed last", "rolled back"),
    ),
    Attack(
        name="roll the database back, and remove the signer's memory",
        do=_roll_back_and_remove_the_memory,
        said=("signed-head.json", "was removed"),
    ),
)
