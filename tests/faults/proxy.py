"""A network that fails: a proxy before PostgreSQL, Redis or a web process, that can pause, cut and
forward."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

#: A path is a unix socket, a pair is host and port.
type Address = Path | tuple[str, int]

_CHUNK_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class Trap:
    """Waits for `words` on a connection that has said `saying`; with `passed` they are passed on,
    and it snaps when they are answered."""

    words: bytes
    saying: bytes
    passed: bool


@dataclass(kw_only=True, eq=False)
class Link:
    """One connection through the proxy; `said` is what the client has sent so far, and an answer
    to a `doomed` one does not arrive."""

    ends: list[asyncio.StreamWriter]
    said: bytearray = field(default_factory=bytearray)
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    doomed: bool = False

    def cut(self) -> None:
        """Both sides are told that the other has gone."""
        for end in self.ends:
            end.transport.abort()


class Proxy:
    """Passes bytes on between clients and `target`, until it is told otherwise.

    `pause`, `cut` and `forward` take effect before they return. The first two concern every
    connection, present or new, or those alone whose client has sent the bytes `saying` (b"LISTEN"
    picks out the listener's), until `forward`.
    """

    def __init__(self, target: Address) -> None:
        self._target = target
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._swallowing: bytes | None = None
        self._refusing: bytes | None = None
        self._trap: Trap | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def pause(self, saying: bytes = b"") -> None:
        """Swallow everything: nothing arrives, nothing is closed."""
        self._do(self._pause, saying)

    def cut(self, saying: bytes = b"", *, refuse: bool = False) -> None:
        """Close connections; with `refuse`, new ones as well."""
        self._do(self._cut, saying, refuse)

    def cut_at(self, words: bytes, *, saying: bytes = b"", passed: bool) -> None:
        """Close one connection, the next of those that have said `saying` which says `words`:
        before they are passed on; or, with `passed`, when their answer is there."""
        self._trap = Trap(words=words, saying=saying, passed=passed)

    @property
    def snapped(self) -> bool:
        """Whether what `cut_at` waited for has come."""
        return self._trap is None

    def forward(self) -> None:
        """Pass everything on again, what was held back first."""
        self._do(self._forward)

    def links(self, saying: bytes = b"") -> list[Link]:
        """The connections that there are."""
        return [link for link in list(self._links) if saying in link.said]

    def listen(self, at: Address) -> Address:
        """Take connections at `at`; returns where, with the port that was found for port 0."""
        return asyncio.run_coroutine_threadsafe(self._listen(at), self._loop).result()

    def close(self) -> None:
        """Cut everything and end."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do[**P](self, act: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        async def acting() -> None:
            act(*args, **kwargs)

        asyncio.run_coroutine_threadsafe(acting(), self._loop).result()

    def _pause(self, saying: bytes) -> None:
        self._swallowing = saying
        for link in self.links(saying):
            link.flowing.clear()

    def _cut(self, saying: bytes, refuse: bool) -> None:
        self._refusing = saying if refuse else None
        for link in self.links(saying):
            link.cut()

    def _forward(self) -> None:
        self._swallowing = self._refusing = None
        for link in self._links:
            link.flowing.set()

    def _judge(self, link: Link) -> None:
        """Do to a new connection, or to one that said more, what is being done to its like."""
        if self._refusing is not None and self._refusing in link.said:
            link.cut()
        if self._swallowing is not None and self._swallowing in link.said:
            link.flowing.clear()

    def _watch(self, link: Link, chunk: bytes) -> None:
        trap = self._trap
        if trap is None or trap.words not in chunk or trap.saying not in link.said:
            return
        self._trap = None
        if trap.passed:
            link.doomed = True
        else:
            link.cut()

    async def _listen(self, at: Address) -> Address:
        if isinstance(at, Path):
            self._server = await asyncio.start_unix_server(self._accept, at)
            return at
        self._server = await asyncio.start_server(self._accept, *at)
        host, port = self._server.sockets[0].getsockname()[:2]
        return host, port

    async def _close(self) -> None:
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(ends=[writer])
        link.flowing.set()
        self._links.add(link)
        try:
            await self._started(self._pass(link, reader, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            link.cut()
            self._links.discard(link)

    async def _pass(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._judge(link)
        await link.flowing.wait()
        there, onward = await self._connect()
        link.ends.append(onward)
        both = (self._pump(link, reader, onward, link.said), self._pump(link, there, writer))
        await asyncio.gather(*(self._started(one) for one in both))

    def _started(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, Path):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    async def _pump(
        self,
        link: Link,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        said: bytearray | None = None,
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                if said is not None:
                    said += chunk
                    self._judge(link)
                    self._watch(link, chunk)
                elif link.doomed:
                    break
                await link.flowing.wait()
                writer.write(chunk)
                await writer.drain()
        link.cut()


@contextmanager
def proxy(target: Address, at: Address) -> Iterator[Proxy]:
    """A proxy at `at` for the length of the block."""
    running = Proxy(target)
    running.listen(at)
    try:
        yield running
    finally:
        running.close()


@dataclass(frozen=True, kw_only=True)
class ProxiedDatabase:
    """The test's database behind a proxy.

    `host` is the folder of a socket, as libpq takes it; `url` is for DATABASE_URL.
    """

    proxy: Proxy
    host: str
    url: str


@contextmanager
def proxied_database() -> Iterator[ProxiedDatabase]:
    """A proxy before the PostgreSQL of the test."""
    port = connection.settings_dict["PORT"]
    with tempfile.TemporaryDirectory(prefix="schoolchat-proxy-") as folder:
        with proxy(database_address(), Path(folder) / f".s.PGSQL.{port}") as running:
            yield ProxiedDatabase(proxy=running, host=folder, url=database_url(folder))


def database_address() -> Address:
    """Where the PostgreSQL of the test listens."""
    host, port = str(connection.settings_dict["HOST"]), int(connection.settings_dict["PORT"])
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, port)


def database_url(host: str = "") -> str:
    """The test's own database, at the test's server or at `host`, which has the same port."""
    here = connection.settings_dict
    return f"postgresql://{quote(host or str(here['HOST']), safe='')}:{here['PORT']}/{here['NAME']}"
