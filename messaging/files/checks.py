"""System checks of files: they have a place, and somebody decided about the virus scanner."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Remark

from messaging.files.places import place

_HINT_SCANNER: Final = (
    "Install ClamAV's daemon and set SCHOOLCHAT_SCANNER=unix:///run/clamav/clamd.ctl "
    "(docs/how-to/scan-files.md), or say SCHOOLCHAT_SCANNER=off."
)
_HINT_FOLDER: Final = "Give the account that runs SchoolChat this folder, or set SCHOOLCHAT_FILES."
_HINT_BUCKET: Final = "SCHOOLCHAT_FILES is s3://bucket or s3://bucket/prefix."


@register("files")
def files_have_a_place(**_options: Any) -> list[CheckMessage]:
    """The folder can be written, or a bucket is named; whether it answers, /readyz says."""
    chosen = settings.FILES.place
    if not isinstance(chosen, Path):
        return (
            [] if chosen.bucket else [Error("No bucket.", hint=_HINT_BUCKET, id="messaging.E006")]
        )
    if place().ready():
        return []
    said = f"Files cannot be written to {chosen}."
    return [Error(said, hint=_HINT_FOLDER, id="messaging.E007")]


@register("files")
def scanning_is_decided(**_options: Any) -> list[CheckMessage]:
    """Nobody runs without a scanner only because they did not know of it."""
    if settings.FILES.decided:
        return []
    said = "Files that people send are not scanned for viruses."
    return [Remark(said, hint=_HINT_SCANNER, id="messaging.W001")]
