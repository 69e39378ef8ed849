"""The generator seen from the runner: a process that is given orders."""

import json
import subprocess
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.live.machine import TREE, Cores, generator_python
from benchmarks.live.school import Failed
from benchmarks.live.servers import Running

CHARACTERS: Final = 100  # in a message


class Generator:
    """A generator connected to nothing yet; it ends with the block."""

    def __init__(self, running: Running, cores: Cores) -> None:
        plan = {"url": running.url, "core": cores.generator, "groups": running.groups}
        self._process = subprocess.Popen(
            [generator_python(), "-m", "benchmarks.live.generator", json.dumps(plan)],
            cwd=TREE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def connect(self, rooms: list[dict[str, Any]]) -> dict[str, Any]:
        """Connect everybody, as quickly as the server takes them."""
        return self.ask("connect", rooms=rooms, characters=CHARACTERS, a_second=None)

    def ask(self, what: str, **order: Any) -> dict[str, Any]:
        """Give an order and wait until it is carried out."""
        self.tell(what, **order)
        return self.answer()

    def tell(self, what: str, **order: Any) -> None:
        """Give an order; `answer` waits for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **order}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """What came of the last order."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Failed("The generator ended; the lines above say why.")
        found: dict[str, Any] = json.loads(line)
        return found
