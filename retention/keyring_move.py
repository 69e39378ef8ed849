"""The move of the keyring: it makes every older copy of a destroyed key worthless.

Three steps, each of which may be killed and is taken up again, since what has been done can be
told from the keyring and the table of generations:

1. generation n+1 is written into the keyring, and each machine confirms that it has it;
2. one transaction re-wraps every key that lives and deletes the row of generation n, which the
   foreign keys refuse while anything still hangs on it;
3. generation n is erased from the keyring.

One keyring folder is one holder, however many processes and machines read it. Source:
docs/explanation/keys.md.
"""

import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_noop
from psycopg import sql

from audit import keyring
from audit.actions import Action
from audit.clock import now
from audit.keyring import KEY_BYTES, Keyring
from audit.models import Generation, RingHolder
from audit.services import record
from retention.exceptions import MoveBlocked
from retention.locks import KEYRING, alone

#: The tables of wrapped keys, and what each calls its rows; content of the one door, but for
#: personal keys and what hangs on them.
WRAPPED: Final = {
    "accounts_personalkey": "id",
    "audit_recordkey": "id",
    "messaging_contentkey": "id",
    "messaging_indexkey": "id",
    "messaging_keptdraft": "id",
    "messaging_upload": "id",
    "messaging_waitingtext": "id",
    "retention_export": "number",
}
_HOLDER_FILE: Final = "holder"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A move that is over: what was retired, what rules now."""

    retired: int
    generation: int


def current_generation() -> int:
    """The generation under which new keys are wrapped."""
    return Generation.objects.order_by("-number").values_list("number", flat=True)[0]


def move_keyring() -> Moved:
    """Move to the next generation, or take up the move that was interrupted."""
    with alone(KEYRING) as free:
        if not free:
            raise MoveBlocked(
                gettext_noop("The keyring is being moved or backed up. Try again afterwards.")
            )
        retired = retiring_generation()
        for step in STEPS:
            step(retired)
    return Moved(retired=retired, generation=retired + 1)


def retiring_generation() -> int:
    """The generation that a move retires: after step 2, the one that only the keyring knows."""
    current = current_generation()
    older = [number for number in _fresh().generations if number < current]
    return min(older, default=current)


def finish_interrupted_move() -> bool:
    """Take up a move of which step 1 or 2 was done; returns whether there was one."""
    keyring.sweep()
    if len(_fresh().generations) == 1:
        return False
    move_keyring()
    return True


def add_generation(retired: int) -> None:
    """Step 1: the next generation stands in the keyring, on the disk."""
    ring = _fresh()
    if retired + 1 in ring.generations or current_generation() > retired:
        return
    added = {**ring.generations, retired + 1: secrets.token_bytes(KEY_BYTES)}
    keyring.write(replace(ring, generations=added))
    _fresh().generation(retired + 1)


def confirm(retired: int) -> None:
    """Step 1, its end: this holder says that it has the new generation; all the others have to."""
    RingHolder.objects.update_or_create(
        machine=holder_name(), defaults={"generation": retired + 1, "confirmed_at": now()}
    )
    behind = RingHolder.objects.filter(generation__lte=retired)
    if names := sorted(behind.values_list("machine", flat=True)):
        raise MoveBlocked(
            f"{', '.join(names)} has not taken up generation {retired + 1} of the keyring."
        )


@transaction.atomic
def rewrap_keys(retired: int) -> None:
    """Step 2: every key that lives is wrapped anew, and the old generation's row goes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM audit_generation WHERE number = %s FOR UPDATE", [retired])
        if cursor.fetchone() is None:
            return
    ring = keyring.ring(knows=retired + 1)
    Generation.objects.create(number=retired + 1, made_at=now())
    keys = sum(_rewrap(table, ring, retired) for table in WRAPPED)
    Generation.objects.filter(number=retired).delete()
    record(Action.KEYRING_MOVED, actor=None, retired=retired, generation=retired + 1, keys=keys)


def erase_generation(retired: int) -> None:
    """Step 3: the old generation is erased from the keyring and its leftovers, on the disk."""
    keyring.sweep()
    ring = _fresh()
    if retired not in ring.generations:
        return
    kept = {number: key for number, key in ring.generations.items() if number != retired}
    keyring.write(replace(ring, generations=kept))


#: The steps in their order; each does nothing when it has been done.
STEPS: Final[tuple[Callable[[int], None], ...]] = (
    add_generation,
    confirm,
    rewrap_keys,
    erase_generation,
)


def holder_name() -> str:
    """The name of this keyring folder, made once; a container's host name would not last."""
    file = settings.KEYS_DIR / _HOLDER_FILE
    if not file.exists() or not file.read_text():
        file.touch(mode=0o600)
        file.write_text(f"{socket.gethostname()[:60]}-{secrets.token_hex(4)}")
    return str(file.read_text())


def _rewrap(table: str, ring: Keyring, retired: int) -> int:
    """Compare and set, in one statement for all keys of a table; returns how many."""
    name, row = sql.Identifier(table), sql.Identifier(WRAPPED[table])
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT {}, wrapped FROM {} WHERE generation = %s").format(row, name), [retired]
        )
        rows = [(key, bytes(wrapped)) for key, wrapped in cursor.fetchall()]
        fresh = [ring.wrap(ring.unwrap(old, retired), retired + 1) for _, old in rows]
        cursor.execute(
            sql.SQL(
                "UPDATE {} k SET generation = %s, wrapped = n.fresh"
                " FROM unnest(%s::text[], %s::bytea[], %s::bytea[]) AS n (id, old, fresh)"
                " WHERE k.{}::text = n.id AND k.wrapped = n.old"
            ).format(name, row),
            [retired + 1, [str(key) for key, _ in rows], [old for _, old in rows], fresh],
        )
    return len(rows)


def _fresh() -> Keyring:
    """The keyring as it stands on the disk now."""
    keyring.forget()
    return keyring.ring()
