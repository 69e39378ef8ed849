"""A web process on asyncio's own loop, which says when something held it up:
`python -m tests.faults.watched FD`."""

import asyncio
import socket
import sys

import uvicorn

from schoolchat.serving.parent import live_with_parent
from schoolchat.serving.uvicorn import configuration

SLOW_SECONDS = 0.05


async def serve(descriptor: int) -> None:
    asyncio.get_running_loop().slow_callback_duration = SLOW_SECONDS
    server = uvicorn.Server(configuration(loop="asyncio"))
    await server.serve(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    live_with_parent()
    asyncio.run(serve(int(sys.argv[1])), debug=True)
