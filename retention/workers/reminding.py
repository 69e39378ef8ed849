"""Reminding owners by e-mail, where mail is set up, that a hold waits to be looked at again.

No name stands in it, nor what the hold is on: a mailbox is read by more people than its owner.
"""

import smtplib
from datetime import date
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import may
from audit.clock import now
from retention.models import Hold
from retention.queries.holds import may_own

_MAILER: Final = "smtp"

log = structlog.get_logger()


def remind_owners(today: date | None = None) -> None:
    """Write once for each review date that has come; what fails is tried again at the next call."""
    if _MAILER not in mailers:
        return
    due = Hold.objects.filter(released_at=None, review_on__lte=today or now().date())
    due = due.filter(Q(reminded_of=None) | Q(reminded_of__lt=F("review_on")))
    for hold in due.select_related("owner", "placed_by").order_by("number"):
        try:
            _remind(hold)
        except (smtplib.SMTPException, OSError) as error:
            log.warning("hold_owner_not_reminded", error=type(error).__name__)
            return
        Hold.objects.filter(pk=hold.pk).update(reminded_of=hold.review_on)


def reminded(hold: Hold) -> list[User]:
    """Its owner; who placed it, if the owner is gone; and else the approvers who may know of it."""
    for person in (hold.owner, hold.placed_by):
        if may_own(person, hold):
            return [person]
    people = User.objects.filter(is_active=True, groups__isnull=False).distinct()
    return [one for one in people if may(one, "approve_records") and may_own(one, hold)]


def _remind(hold: Hold) -> None:
    addresses = [person.email for person in reminded(hold)]
    if not addresses:
        return
    page = reverse("retention_hold_review", kwargs={"number": hold.number})
    context = {"hold": hold, "url": f"{settings.PUBLIC_URL.rstrip('/')}{page}"}
    EmailMessage(
        subject=_("SchoolChat: a hold waits to be looked at again"),
        body=render_to_string("retention/mail/review.txt", context),
        from_email=settings.MAIL_FROM,
        bcc=addresses,
        headers={"To": "undisclosed-recipients:;", "Auto-Submitted": "auto-generated"},
    ).send(using=_MAILER)
