"""What a school says of itself, read from the environment. Pure."""

from dataclasses import dataclass
from pathlib import Path

from schoolchat.environment import text


@dataclass(frozen=True, kw_only=True)
class Look:
    """Each empty where the school says nothing."""

    name: str
    colour: str  # as '#0f6270'
    logo: Path | None  # a PNG or WebP file
    contact: str  # whom to write to about accessibility
    nation: str  # a key of accounts.labels


def look() -> Look:
    """The school's name, colour, logo, contact and nation."""
    logo = text("SCHOOLCHAT_LOGO", "")
    return Look(
        name=text("SCHOOLCHAT_NAME", "").strip(),
        colour=text("SCHOOLCHAT_COLOUR", "").strip(),
        logo=Path(logo) if logo else None,
        contact=text("SCHOOLCHAT_ACCESSIBILITY_CONTACT", "").strip(),
        nation=text("SCHOOLCHAT_NATION", "england").strip().lower().replace(" ", "-"),
    )
