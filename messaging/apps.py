"""Channels, memberships, messages, live delivery, search, imports and content keys."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from messaging import checks  # noqa: F401  (registers the system checks)
        from messaging.files import checks as of_files  # noqa: F401  (and these)
        from messaging.school import watched

        watched.register()
