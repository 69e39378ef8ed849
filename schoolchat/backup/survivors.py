"""What a disposal left and sealed anew: it goes beside the keyring, so that it opens in older
backups, too.

An older database holds it under the key that is gone. What goes is ciphertext, of all that stands
in the months of a channel in which a disposal took anything away, here or before this database was
restored; where one of it is disposed of later, its key goes with the next generation, and the
ciphertext opens nothing.
"""

from collections.abc import Iterator
from typing import Final

from psycopg import sql

from schoolchat.backup.tables import Rows

#: Each table of sealed texts, with the columns that sealing anew changes.
TABLES: Final = ("messaging_messageversion", "messaging_correction")
COLUMNS: Final = ("id", "message_id", "number", "key_id", "sealed")

_SURVIVORS: Final = """
SELECT {columns} FROM {table} s
WHERE s.key_id IN (
    SELECT k.id FROM messaging_contentkey k
    JOIN (SELECT c.channel_id, c.month FROM retention_disposalchunk c WHERE c.done_at IS NOT NULL
          UNION
          SELECT r.channel, r.month FROM retention_replay r) d
        ON d.channel_id = k.channel_id AND d.month = k.month)
"""


def survivors() -> Iterator[tuple[str, Rows]]:
    """The rows of each table."""
    columns = sql.SQL(", ").join(sql.SQL("s.{}").format(sql.Identifier(one)) for one in COLUMNS)
    for table in TABLES:
        query = sql.SQL(_SURVIVORS).format(columns=columns, table=sql.Identifier(table))
        yield table, Rows(query)
