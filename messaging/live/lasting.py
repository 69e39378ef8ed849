"""Tasks that last as long as their owner."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

_log = structlog.get_logger("schoolchat.live")
_AGAIN_SECONDS: Final = 1.0


class Lasting:
    """Tasks of one owner; one that ends by a fault of ours says so and begins again."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def run(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin `work`, which is meant never to end."""

        def again() -> None:
            if self._tasks.get(name) is task:
                self.run(name, work)

        def ended(_task: object) -> None:
            if not task.cancelled() and (error := task.exception()):
                _log.critical("a task has ended", task=name, error=type(error).__name__)
                task.get_loop().call_later(_AGAIN_SECONDS, again)

        task = self._tasks[name] = asyncio.create_task(work())
        task.add_done_callback(ended)

    async def stop(self) -> None:
        """End them all."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
