"""What every page shows of the school's look."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from schoolchat.look.colours import Accents, NoColour, accents
from schoolchat.look.logo import Logo, LogoRefused, read_logo


def look(_request: HttpRequest) -> dict[str, Any]:
    """`look`: the school's name and the addresses of its colours and its logo, empty without."""
    said = settings.LOOK
    colours = colours_now(said.colour)
    logo = logo_now(said.logo)
    return {
        "look": {
            "name": said.name,
            "colours": _address("look-colours", repr(colours).encode()) if colours else "",
            "logo": _address("look-logo", logo.data) if logo else "",
        }
    }


@cache
def colours_now(colour: str) -> Accents | None:
    """None where there is no colour, or none that can be meant; a system check has said so."""
    try:
        return accents(colour) if colour else None
    except NoColour:
        return None


@cache
def logo_now(path: Path | None) -> Logo | None:
    """Read once a process; None where there is no picture, which a system check has said."""
    try:
        return read_logo(path) if path else None
    except LogoRefused:
        return None


@cache
def _address(name: str, content: bytes) -> str:
    """With a digest, so that a new picture is asked for at once."""
    return f"{reverse(name)}?v={hashlib.sha256(content).hexdigest()[:12]}"
