"""From the first byte of a photo to its thumbnail: `.venv/bin/python -m benchmarks.picture`.

Makes a small school in a temporary folder, serves it with `serve`, and uploads a photo of 4 MB as
the page does: a request that begins, the bytes in one piece, and the thumbnail is fetched. Prints
the steps, the median of several photos, against the limit of one second for all of it. The virus
scanner is off: how long one takes depends on its signatures.
"""

import base64
import contextlib
import http.client
import io
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image

from benchmarks.live.school import Shape, folder
from benchmarks.live.servers import serving

MESSAGES: Final = 40
SHAPE: Final = Shape(rooms=1, members=10)
LIMIT_SECONDS: Final = 1.0
PHOTOS: Final = 7
PHOTO_BYTES: Final = 4_000_000
_TUS: Final = {"Tus-Resumable": "1.0.0"}


def main() -> int:
    with served() as (line, token, channel):
        times = [upload(line, token, channel, photo(seed)) for seed in range(PHOTOS + 1)][1:]
    print("| step | median | slowest | limit |", "|---|---|---|---|", sep="\n")
    for step in times[0]:
        found = [one[step] for one in times]
        limit = f"{LIMIT_SECONDS:.1f} s" if step == "all of it" else ""
        print(f"| {step} | {statistics.median(found):.2f} s | {max(found):.2f} s | {limit} |")
    return int(statistics.median(one["all of it"] for one in times) > LIMIT_SECONDS)


def photo(seed: int) -> bytes:
    """About twelve megapixels and 4 MB, as a phone takes it."""
    random.seed(seed)
    rough = Image.effect_noise((1008, 756), random.uniform(55, 65)).resize((4032, 3024))
    round_ = Image.radial_gradient("L").resize(rough.size)
    image = Image.merge("RGB", (rough, round_, rough.rotate(180)))
    for quality in range(95, 60, -3):
        into = io.BytesIO()
        image.save(into, "JPEG", quality=quality)
        if into.tell() <= PHOTO_BYTES * 1.1:
            break
    return into.getvalue()


def upload(
    line: http.client.HTTPConnection, token: str, channel: str, data: bytes
) -> dict[str, float]:
    """The seconds of each step."""
    known = {"filename": "photo.jpg", "channel": channel}
    pairs = (f"{name} {base64.b64encode(one.encode()).decode()}" for name, one in known.items())
    begun = time.perf_counter()
    where = ask(
        line,
        "POST",
        "/messages/uploads/",
        token,
        **{"Upload-Length": str(len(data)), "Upload-Metadata": ",".join(pairs)},
    ).headers["Location"]
    started = time.perf_counter()
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    ask(line, "PATCH", where, token, data, **piece)
    checked = time.perf_counter()
    told = json.loads(ask(line, "GET", where, token).body)
    assert told["state"] == "ready", told
    assert ask(line, "GET", told["thumbnail"], token).body
    seen = time.perf_counter()
    return {
        "begun": started - begun,
        "4 MB received, checked, made anew, sealed": checked - started,
        "thumbnail there": seen - checked,
        "all of it": seen - begun,
    }


class Answer:
    """A response that was read to its end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.headers, self.body = response.headers, response.read()
        assert response.status < 300, (response.status, self.body[:300])


def ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    token: str,
    body: bytes | None = None,
    /,
    **headers: str,
) -> Answer:
    signed = {"Authorization": f"Bearer {token}"}
    line.request(method, path, body=body, headers={**signed, **_TUS, **headers})
    return Answer(line.getresponse())


@contextmanager
def served() -> Iterator[tuple[http.client.HTTPConnection, str, str]]:
    """A line to a small school, somebody's token in it, and a channel of theirs."""
    with folder(None, MESSAGES) as place:
        channel, tokens = next(iter(place.school(SHAPE).channels.items()))
        with serving(place) as (_, port):
            line = http.client.HTTPConnection("localhost", port, timeout=60)
            with contextlib.closing(line):
                yield line, tokens[0], channel


if __name__ == "__main__":
    sys.exit(main())
