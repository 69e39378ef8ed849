"""Who is given which tests when pytest-xdist hands them out: a file at a time, mostly."""

import re
from collections import Counter
from typing import Any, Final

import pytest
from xdist.scheduler import LoadFileScheduling

_KIND: Final = re.compile(r"\[.*((?:uvicorn|daphne)-(?:memory|redis))")
#: Each folder stays with one process, as long as there are others. Those come first whose tests
#: share what is dear to begin (a browser, servers, a generated school), then those with long tests:
#: many short ones are left for the end, which is even then.
_FIRST: Final = (
    "tests/e2e",
    "tests/faults",
    "tests/conformance",
    "tests/retention",
    "tests/schoolchat",
    "tests/attacks",
    "tests/backup",
    "tests/house",
    "tests/audit",
)
#: What takes longest of a folder is begun first, lest it be left over at the end with nothing
#: beside it.
_LONG: Final = (
    "tests/e2e/test_meet_no_barrier.py",
    "tests/e2e/test_meet_no_barrier_while_talking.py",
    "tests/e2e/test_be_offline.py",
    "tests/e2e/test_send_files.py",
    "tests/e2e/test_two_browsers.py",
    "tests/retention/test_kill_a_replay.py",
    "tests/retention/test_against_a_model.py",
    "tests/retention/test_hold_while_destroying.py",
    "tests/retention/test_kill_a_disposal.py",
    "tests/schoolchat/test_serve.py",
    "tests/schoolchat/test_benchmark_retention.py",
    "tests/schoolchat/test_benchmark_live.py",
    "tests/schoolchat/test_serve_a_demonstration.py",
    "tests/schoolchat/test_benchmark_log.py",
    "tests/backup/test_restore.py",
    "tests/backup/test_restore_of_former_versions.py",
    "tests/house/test_leave_no_sentence_out.py",
    "tests/house/test_walk_every_address.py",
    "tests/audit/test_kill_the_sealer.py",
    "tests/messaging/test_search_many.py",
    "tests/messaging/test_check_the_database.py",
    "tests/oversight/test_serve_former_logs.py",
)


class ByFile(LoadFileScheduling):
    """The conformance tests go by the kind of server, which is then started once a kind."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        self._folders: dict[Any, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        found = nodeid.startswith("tests/conformance/") and _KIND.search(nodeid)
        return f"tests/conformance/{found[1]}" if found else str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        folder = self._folders[node] = self._folder_for(node)
        scopes = [scope for scope in self.workqueue if _folder(scope) == folder]
        chosen = min(scopes, key=lambda scope: _LONG.index(scope) if scope in _LONG else len(_LONG))
        self.workqueue.move_to_end(chosen, last=False)
        super()._assign_work_unit(node)

    def _folder_for(self, node: Any) -> str:
        """The one that it is in; or one that nobody is in, by the order above; or the one of which
        most is left."""
        left: Counter[str] = Counter()
        for scope, tests in self.workqueue.items():
            left[_folder(scope)] += len(tests)
        if (present := self._folders.get(node, "")) in left:
            return present
        taken = {folder for other, folder in self._folders.items() if other in self.assigned_work}
        free = [folder for folder in left if folder not in taken]
        ranked = [*(first for first in _FIRST if first in free), *free]
        return ranked[0] if ranked else left.most_common(1)[0][0]


def _folder(scope: str) -> str:
    return scope.rpartition("/")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """For `--dist loadfile`."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None
