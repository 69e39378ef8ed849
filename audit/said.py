"""Errors whose docstring is the sentence that a person sees, in that person's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext


class Said(Exception):
    """The root of what the apps refuse.

    `str()` of one is its sentence in the language of whoever it is being shown to: it is looked up
    at the seam, and not where it is raised, which may be in a thread that works for everybody.
    """

    def __init__(self, message: str | Promise | None = None) -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))

    def __str__(self) -> str:
        return gettext(str(self.args[0]))
