"""People, where the database came from, roles asked for and held, and what opens a door to one."""

from accounts.models.keys import ApiToken, FailedCode, Invitation, PersonalKey
from accounts.models.people import User, UserManager
from accounts.models.provenance import Provenance
from accounts.models.roles import RoleGrant

__all__ = [
    "ApiToken",
    "FailedCode",
    "Invitation",
    "PersonalKey",
    "Provenance",
    "RoleGrant",
    "User",
    "UserManager",
]
