"""Everything in the storage of files, each object tried with every key that a harvest has."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from messaging.files.places import place
from messaging.files.sealing import CHUNK_BYTES, PREFIX_BYTES, TAG_BYTES, FileAltered, open_chunks
from tests.retention.harvester import Harvest
from tests.storage import names_there

#: The keys of files stand in the texts of messages, as hex.
_KEY: Final = re.compile(rb'"key":"([0-9a-f]{64})"')


def everything_stored() -> dict[str, bytes]:
    """A copy of the storage."""
    return {name: b"".join(place().get(name)) for name in names_there()}


def opening(objects: Mapping[str, bytes], harvest: Harvest) -> set[str]:
    """The names of the objects that some key of the harvest opens."""
    keys = harvest.keys | {bytes.fromhex(key.decode()) for key in _found(harvest.texts)}
    return {name for name, sealed in objects.items() if any(_opens(k, name, sealed) for k in keys)}


def _found(texts: Iterable[bytes]) -> set[bytes]:
    return {match[1] for text in texts for match in _KEY.finditer(text)}


def _opens(key: bytes, name: str, sealed: bytes) -> bool:
    chunks = -(-(len(sealed) - PREFIX_BYTES) // (CHUNK_BYTES + TAG_BYTES))
    size = len(sealed) - PREFIX_BYTES - TAG_BYTES * chunks
    try:
        for _ in open_chunks(key, name, size, lambda start, end: [sealed[start:end]]):
            return True
    except FileAltered:
        pass
    return False
