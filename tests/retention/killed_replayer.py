"""A replay that dies where it has not died yet: `python -m tests.retention.killed_replayer`."""

from typing import Final

import django

from tests.retention.killed import Job, serve

#: What a replay runs through.
STEPS: Final = (
    "retention/replaying/replay.py",
    "retention/replaying/adopting.py",
    "retention/replaying/certificates.py",
    "retention/replaying/holds.py",
    "retention/replaying/matters.py",
    "retention/replaying/people.py",
    "retention/replaying/disposals.py",
    "audit/journal/shipping.py",
)


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from retention.replaying import replay  # once, and not in each child

    serve(Job(work=replay, role="owner", steps=STEPS))


if __name__ == "__main__":
    main()
