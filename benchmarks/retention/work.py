"""A part of the benchmark of retention: `python -m benchmarks.retention.work PART`, JSON out."""

# ruff: noqa: E402  (Django is set up before what needs it)
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")

import django

django.setup()

from accounts.models import User
from accounts.roles import Role
from messaging.models import Message
from retention.models import Policy
from retention.proposing.due import what_is_due
from retention.services.disposals import approve_disposal, propose_disposals
from retention.services.steps import change_steps
from retention.workers import destroying
from schoolchat.serving.children import LAST

#: What is timed within the carrying out, by the names under which it calls them.
PARTS: Final = {
    "intend": "the journal, before each chunk",
    "retire_keys": "keys that go",
    "seal_survivors_anew": "survivors sealed anew",
    "destroy_chunk": "destroying: rows, keys, tokens, entry in the log",
    "_reindex": "the search of the months anew",
    "move_beyond": "the move of the keyring",
    "remove_unreferred_files": "files",
    "certify": "verification and certificate",
}


def propose() -> dict[str, Any]:
    """Propose what is due, and approve it; seconds are those of the proposal. Nobody waits."""
    change_steps(by=_somebody(Role.APPROVER), wanted={"object_days": 0, "cool_days": 0})
    found: dict[str, Any] = {
        "messages": Message.objects.count(),
        "due": sum(d.due for d in what_is_due() if d.policy.action == Policy.Action.DISPOSE),
    }
    began = time.perf_counter()
    proposed = propose_disposals(by=_somebody(Role.DSL))
    found["seconds"] = time.perf_counter() - began
    found["proposed"] = sum(one.due for one in proposed)
    for one in proposed:
        approve_disposal(by=_somebody(Role.APPROVER), number=one.number)
    return found


def carry_out() -> dict[str, Any]:
    """Carry out what is approved, in the background as `apply_retention` does; `parts` are seconds
    of each."""
    os.nice(LAST)
    spent: Counter[str] = Counter()
    began = time.perf_counter()
    with ExitStack() as stack:
        for name in PARTS:
            stack.enter_context(_timed(name, spent))
        certificates = destroying.carry_out_approved()
    return {
        "seconds": time.perf_counter() - began,
        "messages": sum(one.document["messages"] for one in certificates),
        "certificates": len(certificates),
        "parts": {PARTS[name]: seconds for name, seconds in spent.items()},
    }


@contextmanager
def _timed(name: str, spent: Counter[str]) -> Iterator[None]:
    act: Callable[..., Any] = getattr(destroying, name)

    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return act(*given, **named)
        finally:
            spent[name] += time.perf_counter() - began  # type: ignore[assignment]

    with patch.object(destroying, name, timed):
        yield


def _somebody(role: Role) -> User:
    found = User.objects.filter(groups__name=role).first()
    assert found is not None
    return found


STEPS: Final[dict[str, Callable[[], dict[str, Any]]]] = {"propose": propose, "carry": carry_out}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(STEPS[sys.argv[1]]()) + "\n")
