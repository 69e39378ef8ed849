"""The bell: a NOTIFY in the transaction that changed something, so that no change goes unheard.

It carries ids and positions, never content. It is the transaction's last statement, since NOTIFY
holds a lock of the whole cluster from there to the end of the commit.
"""

from uuid import UUID

import orjson
from django.db import connection

from accounts.bell import CHANNEL

#: PostgreSQL refuses payloads of 8,000 bytes; a pair of id and position takes about 60.
_PAIRS_A_BELL = 100


def ring(*positions: tuple[UUID, int]) -> None:
    """Tell every process that these channels have reached these positions."""
    with connection.cursor() as cursor:
        for start in range(0, len(positions), _PAIRS_A_BELL):
            pairs = [[str(c), p] for c, p in positions[start : start + _PAIRS_A_BELL]]
            payload = orjson.dumps({"channels": pairs}).decode()
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
