"""The doors behind which a role reaches beyond its own channels. Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Door:
    """A prefix of addresses, and the permissions of which one opens it."""

    prefix: str
    label: str
    permissions: tuple[str, ...]


DOORS: Final = (
    Door(prefix="/safeguarding/", label="Safeguarding", permissions=("use_safeguarding_desk",)),
    Door(prefix="/records/", label="Records", permissions=("use_records",)),
    Door(prefix="/audit/", label="Log", permissions=("read_log",)),
    Door(
        prefix="/manage/",
        label="Manage",
        permissions=("manage_people", "request_role", "grant_role"),
    ),
)

# A program's token is for the chat: never for a door, nor for the account that it belongs to.
CLOSED_TO_TOKENS: Final = (*(door.prefix for door in DOORS), "/accounts/")
# An address with a token of its own, which is no person's.
OWN_TOKEN: Final = "/metrics"  # noqa: S105


def door_of(path: str) -> Door | None:
    """The door in front of an address, if there is one."""
    return next((door for door in DOORS if path.startswith(door.prefix)), None)
