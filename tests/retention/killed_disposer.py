"""A disposer that dies where it has not died yet: `python -m tests.retention.killed_disposer`.

With `beside` it destroys on two connections whatever there is, and dies where these do.
"""

import sys
from typing import Final

import django

from tests.retention.killed import Job, serve

#: What a disposal runs through, from the first lock to the certificate.
STEPS: Final = (
    "retention/workers/destroying.py",
    "retention/workers/destroyed.py",
    "retention/journaling.py",
    "audit/journal/shipping.py",
    "audit/journal/places.py",
    "retention/workers/sealing_anew.py",
    "retention/workers/files.py",
    "retention/workers/certifying.py",
    "retention/certificates/gone.py",
    "retention/certificates/document.py",
    "retention/keyring_move.py",
    "audit/keyring.py",
    "messaging/search/rebuild.py",
)
#: What is done on each of two connections, and what leads them.
STEPS_BESIDE: Final = ("retention/beside.py", "retention/workers/destroyed.py")


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from retention import beside  # once, and not in each child
    from retention.workers import destroying

    steps: tuple[str, ...] = STEPS
    two = sys.argv[1:] == ["beside"]
    if two:
        destroying.AHEAD = beside.MANY = 1  # type: ignore[misc]
        steps = STEPS_BESIDE
    serve(Job(work=destroying.carry_out_approved, role="disposer", steps=steps, each=two))


if __name__ == "__main__":
    main()
