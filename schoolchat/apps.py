"""What stands above all apps; last in INSTALLED_APPS, so that it finishes each migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SchoolChatConfig(AppConfig):
    name = "schoolchat"
    verbose_name = "SchoolChat"

    def ready(self) -> None:
        from schoolchat import failures  # noqa: F401  (registers its receiver)
        from schoolchat.database import checks, server_log  # noqa: F401  (register system checks)
        from schoolchat.look import checks as look_checks  # noqa: F401  (another)

        post_migrate.connect(_after_migrate, sender=self)


def _after_migrate(**_signal: Any) -> None:
    """Grants for every role, and the keyring's first generation."""
    from schoolchat.database.after_migrate import finish

    finish()
