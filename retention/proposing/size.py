"""How much a proposal is, beside the number of its messages."""

from pathlib import Path

from django.db import connection

_SIZE = (Path(__file__).resolve().parent.parent / "sql" / "size.sql").read_text(encoding="utf-8")


def size_of(disposal: int) -> int:
    """Bytes of sealed versions and files of a proposal that has been written down.

    Of what is not held alone; a file counts though another message may refer to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SIZE, {"disposal": disposal})
        (size,) = cursor.fetchone()
    return int(size)
