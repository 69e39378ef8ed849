"""System checks of the school's look: what cannot be shown is found at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.labels import NATIONS
from schoolchat.look.colours import NoColour, accents
from schoolchat.look.logo import LogoRefused, read_logo


@register
def colour_is_one(**_options: Any) -> list[CheckMessage]:
    """Any other value would leave the pages in the product's own colour, and nobody would know."""
    colour = settings.LOOK.colour
    try:
        if colour:
            accents(colour)
    except NoColour:
        said = f"SCHOOLCHAT_COLOUR is '{colour}', which is no colour."
        hint = "Write it as # and six hexadecimal digits: #0f6270."
        return [Error(said, hint=hint, id="schoolchat.E010")]
    return []


@register
def logo_is_a_picture(**_options: Any) -> list[CheckMessage]:
    """An SVG may hold a script, so that only pictures made of pixels are taken."""
    path = settings.LOOK.logo
    try:
        if path:
            read_logo(path)
    except LogoRefused as refused:
        hint = "Set SCHOOLCHAT_LOGO to a PNG or WebP file of at most 256 kB; 96 × 96 pixels do."
        return [Error(str(refused), hint=hint, id="schoolchat.E011")]
    return []


@register
def nation_is_known(**_options: Any) -> list[CheckMessage]:
    """Otherwise sentences would say England's words."""
    nation = settings.LOOK.nation
    if nation in NATIONS:
        return []
    said = f"SCHOOLCHAT_NATION is '{nation}', which is no nation that SchoolChat knows."
    return [Error(said, hint=f"Set it to one of: {', '.join(NATIONS)}.", id="schoolchat.E012")]
