"""The accessibility statement, made from the running version and open to everybody.

What it holds is that of the Public Sector Bodies (Websites and Mobile Applications) (No. 2)
Accessibility Regulations 2018, in our own words. Whoever mends a gap takes it out here, and whoever
finds one puts it in.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from schoolchat.version import VERSION

#: When what stands below was last gone through.
REVIEWED: Final = date(2026, 11, 29)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that some people cannot use as others do."""

    words: Promise
    instead: Promise  # what to do meanwhile
    criterion: str  # of WCAG 2.2


GAPS: Final = (
    Gap(
        words=_("A picture that a colleague sends has its file's name and no description."),
        instead=_("Ask who sent it to say in words what it shows."),
        criterion="1.1.1",
    ),
    Gap(
        words=_("A voice note has no transcript."),
        instead=_("Ask who sent it to write it."),
        criterion="1.2.1",
    ),
    Gap(
        words=_("A message in another language than English is not marked as such."),
        instead=_("Switch the language of your screen reader by hand."),
        criterion="3.1.2",
    ),
    Gap(
        words=_("Documents that colleagues attach may not be accessible themselves."),
        instead=_("Ask who sent it for another format."),
        criterion="1.3.1",
    ),
)

TESTED: Final = (
    _("every page and every part of the chat with axe-core, in light and in dark colours"),
    _("the whole way from signing in to an edited and deleted message by the keyboard alone"),
    _("text at 400 %, in a window 320 pixels wide"),
    _("the colours of the system instead of ours (forced colours), and without motion"),
    _("the size of everything that is clicked or touched"),
    _("what is announced to screen readers, in which order, and that it can be paused"),
)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """`/accessibility/`."""
    facts = {
        "version": VERSION,
        "reviewed": REVIEWED,
        "gaps": GAPS,
        "tested": TESTED,
        "contact": settings.LOOK.contact,
    }
    return render(request, "accessibility.html", facts)
