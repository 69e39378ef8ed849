"""What the development server needs, and no school."""

import sys


def apps() -> list[str]:
    """daphne's `runserver`, for that command alone: all others start a sixth sooner without it."""
    return ["daphne"] if sys.argv[1:2] == ["runserver"] else []
