"""Waiting for what comes to pass in the same event loop."""

import asyncio
from collections.abc import Callable

STEPS_A_SECOND = 100


async def until(condition: Callable[[], bool], *, within: float = 5) -> None:
    """Let the others work until it is so."""
    for _ in range(round(within * STEPS_A_SECOND)):
        if condition():
            return
        await asyncio.sleep(1 / STEPS_A_SECOND)
    raise AssertionError("it did not come to pass")
