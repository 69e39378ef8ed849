"""Telling those who answer alerts by e-mail, where mail is set up: which kind, and where to look.

No name stands in it, since a mailbox is read by more people than the one whose it is.
"""

import smtplib
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.clock import now
from oversight.models import Alert
from oversight.queries.alerts import told_of
from oversight.services.publications import MAILER

#: Older ones are left to the page: the mail server was away, or mail was set up only now.
FRESH: Final = timedelta(days=1)

log = structlog.get_logger()


def tell_of_alerts(at: datetime | None = None) -> None:
    """Send what is open and was not sent yet; what fails is tried again at the next call."""
    if MAILER not in mailers:
        return
    at = at or now()
    waiting = Alert.objects.filter(told_at=None, acknowledged_at=None, raised_at__gt=at - FRESH)
    for alert in waiting.order_by("number"):
        try:
            _tell(alert)
        except (smtplib.SMTPException, OSError) as error:
            log.warning("alert_not_sent", error=type(error).__name__)
            return
        Alert.objects.filter(pk=alert.pk).update(told_at=at)


def _tell(alert: Alert) -> None:
    """To all at once, so that it has reached all or nobody, and none sees who else was told."""
    addresses = list(told_of(alert).values_list("email", flat=True))
    if not addresses:
        return
    context = {
        "alert": alert,
        "url": f"{settings.PUBLIC_URL.rstrip('/')}{reverse('alerts')}",
    }
    EmailMessage(
        subject=_("SchoolChat: something needs a second look"),
        body=render_to_string("oversight/mail/alert.txt", context),
        from_email=settings.MAIL_FROM,
        bcc=addresses,
        headers={"To": "undisclosed-recipients:;", "Auto-Submitted": "auto-generated"},
    ).send(using=MAILER)
