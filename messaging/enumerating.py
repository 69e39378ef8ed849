"""Several words in a row, as people say them. Pure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


def all_of(words: Sequence[str]) -> str:
    """`Alice, Bob and Carol`."""
    return _several(words, _("%(first)s and %(last)s"))


def any_of(words: Sequence[str]) -> str:
    """`Alice, Bob or Carol`."""
    return _several(words, _("%(first)s or %(last)s"))


def _several(words: Sequence[str], ending: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return ending % {"first": ", ".join(words[:-1]), "last": words[-1]}
