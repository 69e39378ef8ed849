"""How mail leaves the building, read from the environment: not at all unless it is set. Pure."""

from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from schoolchat.environment import number, text

_SECONDS: Final = 20
_BACKENDS: Final = "django.core.mail.backends"
#: How the way to the mail server is encrypted, as Django calls it.
_TLS: Final = {
    "starttls": {"use_tls": True},
    "tls": {"use_ssl": True},
    "off": {},
}


def mailers() -> dict[str, Any]:
    """Django's MAILERS. The default one sends nothing, so that no library mails by itself; `smtp`
    is there when a mail server is set, and what is to be sent names it.
    """
    default = {"default": {"BACKEND": f"{_BACKENDS}.dummy.EmailBackend"}}
    host = text("SCHOOLCHAT_SMTP_HOST", "")
    return {**default, "smtp": _smtp(host)} if host else default


def _smtp(host: str) -> dict[str, Any]:
    tls = text("SCHOOLCHAT_SMTP_TLS", "starttls").lower()
    if tls not in _TLS:
        raise ImproperlyConfigured("SCHOOLCHAT_SMTP_TLS is starttls, tls or off.")
    user = text("SCHOOLCHAT_SMTP_USER", "")
    return {
        "BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "OPTIONS": {
            "host": host,
            "port": number("SCHOOLCHAT_SMTP_PORT", 0) or None,
            "timeout": _SECONDS,
            "username": user or None,
            "password": text("SCHOOLCHAT_SMTP_PASSWORD", "") if user else None,
            **_TLS[tls],
        },
    }
