"""What an attack is: what is done to the record, and what has to be said of it."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.signed_head import SignedHead
from tests.attacks.world import World


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What is done, and what the first sentence about it must hold.

    With `outside` the governors' newest checkpoint is brought; `silent_without` says that nobody
    could know without it.
    """

    name: str
    do: Callable[[World], object]
    said: tuple[str, ...]
    outside: Callable[[World], SignedHead] | None = None
    silent_without: bool = False
