"""What is done with authority over others: the safeguarding desk, concerns, the log's pages."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "oversight"
    verbose_name = "Oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from messaging.who_reads import let_say
        from oversight import checks  # noqa: F401  (registers the system checks)
        from oversight.queries.who_reads import who_reads

        let_say(who_reads)
