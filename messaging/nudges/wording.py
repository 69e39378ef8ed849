"""What is said of a message that holds what the school does not let be sent."""

from typing import Final, cast

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.labels import labels

#: By rule: a sentence that says what was found and what to do.
BLOCKED: Final = {
    "upn": _("This holds a pupil's UPN, which your school does not let be sent here. Take it out."),
    "nhs": _("This holds an NHS number, which your school does not let be sent here. Take it out."),
    "birth": _(
        "This holds somebody's date of birth, which your school does not let be sent here. "
        "Take it out."
    ),
    "phone": _(
        "This holds a phone number, which your school does not let be sent here. Take it out."
    ),
    "bank": _(
        "This holds bank details, which your school does not let be sent here. Take them out."
    ),
}
_SAFEGUARDING: Final = _("What may concern a child's safety is not written here.")


def blocked(rule: str, route: str | Promise) -> str | Promise:
    """Why a message was refused, in the language of whoever it is shown to; `route` is what the
    school does with a concern."""
    return format_lazy("{} {}", _SAFEGUARDING, route) if rule == "safeguarding" else BLOCKED[rule]


def usual_route() -> Promise:
    """What to do with a concern, where the school has written nothing of its own; likewise."""
    return cast("Promise", lazy(_usual_route, str)())


def _usual_route() -> str:
    return gettext("Pass this to the %(lead)s, in person or by phone.") % {"lead": labels().lead}
