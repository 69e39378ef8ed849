"""System checks of the ways out: an address that cannot be meant is found at the start."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Remark
from django.core.mail import mailers

from oversight.services.publications import MAILER

#: Only the machine itself may be called without TLS.
_ITSELF: Final = {"localhost", "127.0.0.1", "::1"}


@register("checkpoints")
def mail_has_a_sender(**_options: Any) -> list[CheckMessage]:
    """Mail servers refuse what comes from nobody."""
    if MAILER in mailers and "@" not in settings.MAIL_FROM:
        hint = "Set SCHOOLCHAT_SMTP_FROM to an address that this mail server may send from."
        return [Error("Mail is set up without a sender.", hint=hint, id="oversight.E001")]
    return []


@register("checkpoints")
def webhook_is_https(**_options: Any) -> list[CheckMessage]:
    """A checkpoint is no secret, but whoever could change it on its way could hide a roll-back."""
    address = settings.CHECKPOINT_WEBHOOK
    if not address or _is_safe(address):
        return []
    hint = "Set SCHOOLCHAT_CHECKPOINT_WEBHOOK to an address that begins with https://."
    return [Error("Checkpoints cannot be posted there.", hint=hint, id="oversight.E002")]


@register("checkpoints")
def authority_is_on_the_web(**_options: Any) -> list[CheckMessage]:
    """A stamp is signed, so that plain HTTP, which many authorities have, will do."""
    if not settings.TSA_URL or urlsplit(settings.TSA_URL).scheme in {"http", "https"}:
        return []
    hint = "Set SCHOOLCHAT_TSA_URL to the http or https address of an RFC 3161 authority."
    return [Error("Checkpoints cannot be stamped there.", hint=hint, id="oversight.E003")]


@register("checkpoints")
def folder_is_there(**_options: Any) -> list[CheckMessage]:
    """A share that is not mounted now may be in an hour: it is said, and no reason not to start."""
    folder = settings.CHECKPOINT_FOLDER
    if not folder or Path(folder).is_dir():
        return []
    hint = "Mount it, or correct SCHOOLCHAT_CHECKPOINT_FOLDER."
    return [Remark(f"{folder} is not there.", hint=hint, id="oversight.W001")]


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _ITSELF)
