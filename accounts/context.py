"""What every page shows of the person and of where the database comes from."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.doors import DOORS
from accounts.labels import labels
from accounts.models import Provenance, User
from accounts.queries import demo_accounts, may, provenance

NOTICES: Final = {
    Provenance.Kind.SCHOOL: "",
    Provenance.Kind.DEMO: gettext_noop(
        "Demonstration: the people and messages are invented, and no second factor is asked for."
    ),
    Provenance.Kind.GENERATED: gettext_noop(
        "Generated data: nobody here is real, and no second factor is asked for."
    ),
}


def people(request: HttpRequest) -> dict[str, Any]:
    """`nav`: the pages that this person may enter; `provenance_notice`: empty in a school."""
    origin = provenance()
    kind = Provenance.Kind(origin.kind) if origin else Provenance.Kind.SCHOOL
    return {
        "nav": _nav(request),
        "labels": labels(),
        "provenance_notice": _(NOTICES[kind]),
        "school_name": origin.school_name if origin else "",
        # A function: only the sign-in page calls it.
        "demo_accounts": demo_accounts,
    }


def _nav(request: HttpRequest) -> list[dict[str, str]]:
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return []
    opens = [door for door in DOORS if may(person, *door.permissions)]
    outer = [door for door in opens if not any(door.is_behind(other) for other in opens)]
    return [
        {"label": _("Search"), "url": "/search/"},
        *({"label": _(door.label), "url": door.prefix} for door in outer),
    ]
