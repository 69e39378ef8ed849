"""`/audit/alerts/`: what asks for attention, and saying that one has looked into it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.queries import may
from audit.actions import Action
from oversight.alert_wording import ABOUT, advice_on
from oversight.entrances import guarded, person_of
from oversight.models import Alert, AlertKind
from oversight.queries.alerts import (
    ABOUT_A_PERSON,
    Shown,
    alerts_for,
    answers_alerts,
    clock_state,
    open_alerts,
)
from oversight.services.alerts import acknowledge_alert, view_alerts

ROWS_A_PAGE: Final = 25
#: Pages that are open to everybody who sees alerts.
_OPEN_PAGES: Final = {
    AlertKind.LOG_VERIFICATION_FAILED: "log-verifications",
    AlertKind.VERIFICATION_MISSING: "log-verifications",
    AlertKind.DELIVERY_MISSING: "checkpoints",
    AlertKind.ROLLED_BACK: "log-verifications",
}
#: The acts behind an alert, for those who read the log, and what to call them where there are two.
_ACTS: Final[Mapping[AlertKind, Mapping[Action, str]]] = {
    AlertKind.MASS_SEARCH: {Action.RECORD_SEARCHED: ""},
    AlertKind.EXPORT_VOLUME: {
        Action.EXPORT_REQUESTED: gettext_noop("exports asked for"),
        Action.LOG_DOWNLOADED: gettext_noop("files of the log"),
    },
    AlertKind.ROLE_CHANGED: {Action.ROLE_GRANTED: ""},
    AlertKind.CLOCK_WRONG: {Action.CLOCK_CHECKED: ""},
    AlertKind.LOG_RESTORED: {Action.LOG_RESTORED: ""},
}
#: Where those who approve see the same.
_PAGES: Final = {
    AlertKind.MASS_SEARCH: "review-searches",
    AlertKind.EXPORT_VOLUME: "retention_exports",
    AlertKind.ROLE_CHANGED: "manage_roles",
    AlertKind.LOG_RESTORED: "log-verifications",
}


@guarded
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """Open ones first, and whether the clock can be relied on."""
    viewer = person_of(request)
    page = Paginator(alerts_for(viewer), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = view_alerts(by=viewer, alerts=page)
    context = {
        "page_obj": page,
        "rows": [_row(viewer, row) for row in rows],
        "open": open_alerts(viewer),
        "answers": answers_alerts(viewer),
        "clock": clock_state(),
    }
    return render(request, "oversight/alerts.html", context)


@guarded
@require_POST
def acknowledge(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """'I have looked into this.'"""
    alert = acknowledge_alert(by=person_of(request), uid=alert_id)
    flash.success(
        request, _("On record: %(name)s has looked into it.") % {"name": alert.acknowledged_by}
    )
    return redirect("alerts")


def _row(viewer: User, row: Shown) -> dict[str, Any]:
    kind = AlertKind(row.alert.kind)
    advice = advice_on(kind) if row.alert.is_open and answers_alerts(viewer) else ""
    return {
        "alert": row.alert,
        "about": row.about or _(ABOUT.get(kind, "")),
        "advice": advice,
        "places": list(_places(viewer, row.alert, kind)),
    }


def _places(viewer: User, alert: Alert, kind: AlertKind) -> Iterator[dict[str, str]]:
    """Where the viewer finds out more: addresses, and what is there where they are several."""
    if kind in _OPEN_PAGES:
        yield {"url": reverse(_OPEN_PAGES[kind]), "what": ""}
    elif kind in _ACTS and may(viewer, "read_log"):
        names_one = kind in ABOUT_A_PERSON and answers_alerts(viewer)
        actor = {"actor": alert.about} if names_one else {}
        for action, what in _ACTS[kind].items():
            wanted = urlencode({"action": action, **actor})
            yield {"url": f"{reverse('log')}?{wanted}", "what": _(what)}
    elif kind in _PAGES and may(viewer, "approve_records"):
        yield {"url": reverse(_PAGES[kind]), "what": ""}
