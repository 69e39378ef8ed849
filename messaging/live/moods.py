"""Typing: said over the channel layer, since it heals by itself and is never stored."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

_log = structlog.get_logger("schoolchat.live")
GROUP = "moods"
_RETRY_SECONDS = 1.0

type ToPeople = Callable[[list[UUID], str], None]


class Moods:
    """One subscription of the process to the layer, whatever the number of its sockets."""

    def __init__(self, to_people: ToPeople) -> None:
        self._to_people = to_people
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to hear."""
        self._task = asyncio.create_task(self._hear_forever())

    async def stop(self) -> None:
        """Stop hearing."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def say(self, people: list[UUID], frame: str) -> None:
        """Pass a frame to these people in every process; lost when the layer is away."""
        event = {"type": "mood", "people": [str(p) for p in people], "frame": frame}
        try:
            await _layer().group_send(GROUP, event)
        except (OSError, RedisError) as error:
            _log.info("typing rests", error=type(error).__name__)

    async def _hear_forever(self) -> None:
        while True:
            try:
                await self._hear()
            except (OSError, RedisError) as error:
                _log.info("typing rests", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _hear(self) -> None:
        layer = _layer()
        name = await layer.new_channel()
        await layer.group_add(GROUP, name)
        while True:
            event = await layer.receive(name)
            self._to_people([UUID(p) for p in event["people"]], event["frame"])


def _layer() -> Any:
    return get_channel_layer()
