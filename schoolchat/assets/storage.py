"""What `{% static %}` answers: addresses that change with what stands there."""

from django.contrib.staticfiles.storage import StaticFilesStorage

from schoolchat.assets.files import address


class Addressed(StaticFilesStorage):
    """Static files where they lie, addressed by their content."""

    def url(self, name: str | None) -> str:
        """The address of a file."""
        return address(name or "")
