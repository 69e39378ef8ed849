"""The school's colours as a stylesheet, and its logo: for everybody, since sign-in shows them."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from schoolchat.look.context import colours_now, logo_now

_STYLES: Final = """\
@layer tokens {{
  :root {{
    --accent: light-dark({light}, {dark});
    --accent-strong: light-dark({light_strong}, {dark_strong});
    --accent-wash: light-dark({light_wash}, {dark_wash});
    --link: var(--accent);
    --focus: var(--accent);
  }}
}}
"""


def _kept(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Its address holds a digest of what it says, so that browsers may keep it for good."""

    @wraps(view)
    def keeping(request: HttpRequest) -> HttpResponse:
        answer = view(request)
        answer["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    return keeping


@require_safe
@_kept
def look_colours(_request: HttpRequest) -> HttpResponse:
    """`/look/colours.css`: what replaces the accent; 404 without a colour."""
    if (found := colours_now(settings.LOOK.colour)) is None:
        raise Http404
    return HttpResponse(_STYLES.format(**vars(found)), content_type="text/css; charset=utf-8")


@require_safe
@_kept
def look_logo(_request: HttpRequest) -> HttpResponse:
    """`/look/logo`: the picture; 404 without one."""
    if (found := logo_now(settings.LOOK.logo)) is None:
        raise Http404
    return HttpResponse(found.data, content_type=found.media_type)
