"""The accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Connects what Django and allauth only offer as signals."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Groups after a migration, sign-in records, and the changed values of people."""
        from accounts import receivers, watched

        post_migrate.connect(receivers.make_role_groups, sender=self)
        receivers.connect()
        watched.register()
