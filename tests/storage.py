"""What stands in the folder of files, as whoever has the machine sees it."""

from pathlib import Path

from django.conf import settings


def names_there() -> set[str]:
    """The names of all objects."""
    folder = settings.FILES.place
    assert isinstance(folder, Path)
    return {file.name for file in folder.glob("[0-9a-f][0-9a-f]/*")}
