"""Who is given which tests when pytest-xdist hands them out: a file at a time, mostly."""

import re
from typing import Any, Final

import pytest
from xdist.scheduler import LoadFileScheduling

_KIND: Final = re.compile(r"\[.*((?:uvicorn|daphne)-(?:memory|redis))")
#: What takes longest is begun first, lest it be left over at the end with nothing beside it.
_LONG: Final = (
    "tests/e2e/test_meet_no_barrier_while_talking.py",
    "tests/e2e/test_meet_no_barrier.py",
    "tests/retention/test_kill_a_disposal.py",
    "tests/messaging/test_search_many.py",
    "tests/e2e/test_be_offline.py",
    "tests/house/test_walk_every_address.py",
    "tests/schoolchat/test_serve.py",
    "tests/schoolchat/test_benchmark_log.py",
    "tests/schoolchat/test_benchmark_live.py",
    "tests/audit/test_kill_the_sealer.py",
    "tests/attacks/test_attack_the_log.py",
    "tests/e2e/test_two_browsers.py",
    "tests/schoolchat/test_fill_demo.py",
    "tests/messaging/test_check_the_database.py",
    "tests/retention/test_forget_with_backups.py",
)


class ByFile(LoadFileScheduling):
    """The conformance tests go by the kind of server, which is then started once a kind."""

    def _split_scope(self, nodeid: str) -> str:
        found = nodeid.startswith("tests/conformance/") and _KIND.search(nodeid)
        return f"tests/conformance/{found[1]}" if found else str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        for file in reversed(_LONG):
            if file in self.workqueue:
                self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """For `--dist loadfile`."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None
