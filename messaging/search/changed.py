"""Whether what a search read of the keys still held when it read the tokens.

A month is indexed anew in one transaction, under a fresh key. A search reads the keys first and
the tokens by later statements, each of which sees the database as it is by then: tokens under the
fresh key, where the old one's are looked for. A key never comes back, so a key that stands after
the tokens were read stood while they were. A month that was disposed of meanwhile has no fresh key:
nothing is left there to be found.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from audit.statements import array
from messaging.search.candidates import Shard
from messaging.search.fence import look_up

_CHANGED: Final = """
SELECT asked.month FROM unnest(%(keys)b::uuid[], %(domains)b::integer[], %(months)b::date[])
    AS asked (key, domain, month)
WHERE NOT EXISTS (SELECT FROM messaging_indexkey k WHERE k.id = asked.key)
  AND EXISTS (SELECT FROM messaging_indexkey k
              WHERE k.domain_id = asked.domain AND k.month = asked.month)
"""
_MISSING: Final = """
SELECT named FROM unnest(%(tables)b::text[]) named WHERE to_regclass(named) IS NULL
"""


def changed(asked: Sequence[Shard]) -> set[date]:
    """The months of the shards that have another key by now.

    It reads keys of domains and nothing that stands under them, so that it tells nobody of
    channels that are not theirs.
    """
    if not asked:
        return set()
    values = {
        "keys": array(shard.key_id for shard in asked),
        "domains": array(shard.domain for shard in asked),
        "months": array(shard.month.isoformat() for shard in asked),
    }
    return {month for (month,) in look_up(_CHANGED, values)}


def standing(found: Iterable[Shard], unread: set[date]) -> list[Shard]:
    """The shards that have a table, which a database restored in part may lack. The months of the
    others are put into `unread`."""
    every = list(found)
    tables = array({shard.table for shard in every})
    missing = {table for (table,) in look_up(_MISSING, {"tables": tables})}
    unread.update(shard.month for shard in every if shard.table in missing)
    return [shard for shard in every if shard.table not in missing]
