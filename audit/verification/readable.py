"""What cannot be verified, because it holds something that is never written, is wrong as well."""

from collections.abc import Iterable, Iterator
from typing import Final

import psycopg
from django.db import DataError

from audit.verification.findings import Deed, Finding

#: What reading raises at values of another kind or size than are ever written. Not a database that
#: is away: that says nothing about the record.
_IMPOSSIBLE: Final = (
    ArithmeticError,
    AttributeError,
    DataError,
    LookupError,
    TypeError,
    ValueError,
    psycopg.DataError,
)


def readable(found: Iterable[Finding], what: str) -> Iterator[Finding]:
    """The findings, and one more where they end because `what` (plural) cannot be read."""
    try:
        yield from found
    except _IMPOSSIBLE as error:
        yield Finding(
            deed=Deed.CHANGED,
            sentence=(
                f"{what} cannot be verified to the end: something there is of a form that is never "
                f"written, and was changed past the product ({type(error).__name__})."
            ),
        )
