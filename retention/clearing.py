"""Which kinds of record somebody has to clear before they are disposed of, and who."""

from collections.abc import Mapping
from typing import Final

from accounts.roles import Role
from retention.models import Clearance

_PARTS: Final[Mapping[str, Clearance.Part]] = {
    "safeguarding": Clearance.Part.SAFEGUARDING,
    "child_sexual_abuse": Clearance.Part.SAFEGUARDING,
    "accidents": Clearance.Part.SAFEGUARDING,
    "personnel": Clearance.Part.HR,
    "recruitment": Clearance.Part.HR,
    "complaints": Clearance.Part.HR,
}

#: Whose word it is.
ROLES: Final[Mapping[Clearance.Part, tuple[Role, ...]]] = {
    Clearance.Part.SAFEGUARDING: (Role.DSL, Role.DEPUTY_DSL),
    Clearance.Part.HR: (Role.HR_INVESTIGATOR,),
}


def parts_of(record_class: str) -> frozenset[Clearance.Part]:
    """What has to be cleared in a class: nothing, safeguarding or personnel."""
    part = _PARTS.get(record_class)
    return frozenset() if part is None else frozenset({part})
