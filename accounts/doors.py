"""The doors behind which a role reaches beyond its own channels. Pure."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop


@dataclass(frozen=True, kw_only=True)
class Door:
    """A prefix of addresses, and the permissions of which one opens it."""

    prefix: str
    label: str
    permissions: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the security log calls it."""
        return self.prefix.strip("/")

    def is_behind(self, other: "Door") -> bool:
        """Whether whoever passes the other finds this one inside."""
        return self != other and self.prefix.startswith(other.prefix)


#: Whoever has cases of their own finds the entries about them here; others read all of it.
LOG: Final = Door(
    prefix="/audit/",
    label=gettext_noop("Log"),
    permissions=("read_log", "use_safeguarding_desk", "use_records"),
)

DOORS: Final = (
    Door(
        prefix="/safeguarding/",
        label=gettext_noop("Safeguarding"),
        permissions=("use_safeguarding_desk",),
    ),
    Door(prefix="/records/", label=gettext_noop("Records"), permissions=("use_records",)),
    # Inside the log's door and narrower: not for everybody who has cases of their own.
    Door(
        prefix="/audit/checkpoints/",
        label=gettext_noop("Checkpoints"),
        permissions=("read_log", "approve_records"),
    ),
    Door(
        prefix="/audit/alerts/",
        label=gettext_noop("Alerts"),
        permissions=("read_log", "approve_records"),
    ),
    LOG,
    Door(
        prefix="/manage/",
        label=gettext_noop("Manage"),
        permissions=("manage_people", "request_role", "grant_role", "manage_school"),
    ),
)

#: Behind no door, though they look it: what is published of the log is for outside tools, for which
#: nobody signs in (c2sp.org/tlog-tiles). It is a signed head that was let out, and hashes.
PUBLISHED_HEAD: Final = "/audit/checkpoint"
PUBLISHED_TILES: Final = "/audit/tile/"
#: The same of logs that a restore has ended.
PUBLISHED_BEFORE: Final = "/audit/former/"
#: Everybody may verify the log, so that this is for all who are signed in.
HOW_TO_CHECK: Final = "/audit/how-to-check/"

_BEHIND_NO_DOOR: Final = (PUBLISHED_TILES, PUBLISHED_BEFORE, HOW_TO_CHECK)

# A program's token is for the chat: never for a door, nor for the account that it belongs to.
CLOSED_TO_TOKENS: Final = (*(door.prefix for door in DOORS), "/accounts/")
# An address with a token of its own, which is no person's.
OWN_TOKEN: Final = "/metrics"  # noqa: S105


def door_of(path: str) -> Door | None:
    """The door in front of an address, if there is one: the narrowest."""
    if path == PUBLISHED_HEAD or path.startswith(_BEHIND_NO_DOOR):
        return None
    return next((door for door in DOORS if path.startswith(door.prefix)), None)
