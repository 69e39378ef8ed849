"""Calling the database from the event loop: a few threads, each with a pooled connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import close_old_connections, connections

_THREADS = 8
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="messaging")


async def in_thread[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `call`, run in a thread that gives its connection back afterwards."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, partial(_with_connection, call, *args, **kwargs))


def _with_connection[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return call(*args, **kwargs)
    finally:
        connections.close_all()
