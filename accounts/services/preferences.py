"""How somebody likes their own pages. No entry: it is nobody's business but theirs."""

from django.db import transaction

from accounts.models import User


@transaction.atomic
def choose_language(*, person: User, language: str) -> None:
    """A code of settings.LANGUAGES; an empty one leaves it to the browser."""
    person.language = language
    person.save(update_fields=["language"])


@transaction.atomic
def choose_undo_send(*, person: User, on: bool) -> None:
    """Whether messages wait for five seconds in the page, in which they can be taken back."""
    person.undo_send = on
    person.save(update_fields=["undo_send"])
