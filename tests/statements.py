"""What is said to PostgreSQL, also by the statements that do not go through Django's cursors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg


@contextmanager
def every_statement() -> Iterator[list[str]]:
    """The list that grows by each statement of this block, with its values."""
    said: list[str] = []
    execute: Any = psycopg.Cursor.execute

    def keep(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        said.append(f"{query} {params}")
        return execute(self, query, params, **options)

    with patch.object(psycopg.Cursor, "execute", keep):
        yield said
