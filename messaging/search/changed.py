"""Whether what a search read of the keys still held when it read the tokens.

A month is indexed anew in one transaction, under a fresh key. A search reads the keys first and
the tokens by later statements, each of which sees the database as it is by then: tokens under the
fresh key, where the old one's are looked for. A key never comes back, so a key that stands after
the tokens were read stood while they were.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from audit.statements import array
from messaging.search.candidates import Shard
from messaging.search.fence import look_up

_KEYS: Final = "SELECT id FROM messaging_indexkey WHERE id = ANY (%(keys)b::uuid[])"
_MISSING: Final = """
SELECT named FROM unnest(%(tables)b::text[]) named WHERE to_regclass(named) IS NULL
"""


def changed(asked: Sequence[Shard]) -> set[date]:
    """The months of the shards whose keys are gone.

    It reads keys of domains and nothing that stands under them, so that it tells nobody of
    channels that are not theirs.
    """
    if not asked:
        return set()
    keys = {"keys": array(shard.key_id for shard in asked)}
    there = {key for (key,) in look_up(_KEYS, keys)}
    return {shard.month for shard in asked if shard.key_id not in there}


def standing(found: Iterable[Shard], unread: set[date]) -> list[Shard]:
    """The shards that have a table, which a database restored in part may lack. The months of the
    others are put into `unread`."""
    every = list(found)
    tables = array({shard.table for shard in every})
    missing = {table for (table,) in look_up(_MISSING, {"tables": tables})}
    unread.update(shard.month for shard in every if shard.table in missing)
    return [shard for shard in every if shard.table not in missing]
