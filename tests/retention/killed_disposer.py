"""A disposer that dies where it has not died yet: `python -m tests.retention.killed_disposer`."""

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


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from retention.workers.destroying import carry_out_approved  # once, and not in each child

    serve(Job(work=carry_out_approved, role="disposer", steps=STEPS))


if __name__ == "__main__":
    main()
