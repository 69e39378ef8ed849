"""What the pages behind the doors show of oversight wherever one is."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest

from accounts.models import User
from oversight.queries.alerts import open_alerts


def alerts(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`open_alerts`: how many alerts wait for the viewer. A function, so that a page which does
    not show it asks nothing."""
    viewer = getattr(request, "user", None)
    return {"open_alerts": partial(open_alerts, viewer) if isinstance(viewer, User) else int}
