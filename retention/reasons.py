"""What counts as a reason. Pure."""

from typing import Final

from retention.exceptions import BadReason

MIN_REASON: Final = 20


def checked_reason(reason: str) -> str:
    """The reason without surrounding blanks, or BadReason when it is too short to be one."""
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise BadReason
    return reason
