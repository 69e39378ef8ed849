"""The bell: a NOTIFY in the transaction that changed something, so that no change goes unheard.

It carries ids and positions, never content. It is the transaction's last statement, since NOTIFY
holds a lock of the whole cluster from there to the end of the commit.
"""

from itertools import batched
from typing import Final
from uuid import UUID

from accounts import bell

#: PostgreSQL refuses payloads of 8,000 bytes; a pair of id and position takes about 60.
_PAIRS_A_BELL: Final = 100


def ring(*positions: tuple[UUID, int]) -> None:
    """Tell every process that these channels have reached these positions."""
    pairs = ([str(channel), position] for channel, position in positions)
    bell.ring([{"channels": some} for some in batched(pairs, _PAIRS_A_BELL)])
