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
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from PIL import Image

TREE: Final = Path(__file__).resolve().parent.parent
LIMIT_SECONDS: Final = 1.0
PHOTOS: Final = 7
PHOTO_BYTES: Final = 4_000_000
_TUS: Final = {"Tus-Resumable": "1.0.0"}


def main() -> int:
    with served() as (url, person), contextlib.closing(_line(url)) as line:
        times = [upload(line, person, photo(seed)) for seed in range(PHOTOS + 1)][1:]
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
    line: http.client.HTTPConnection, person: dict[str, Any], data: bytes
) -> dict[str, float]:
    """The seconds of each step."""
    known = {"filename": "photo.jpg", "channel": person["channels"][0]}
    pairs = (f"{name} {base64.b64encode(one.encode()).decode()}" for name, one in known.items())
    begun = time.perf_counter()
    where = ask(
        line,
        "POST",
        "/messages/uploads/",
        person,
        **{"Upload-Length": str(len(data)), "Upload-Metadata": ",".join(pairs)},
    ).headers["Location"]
    started = time.perf_counter()
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    ask(line, "PATCH", where, person, data, **piece)
    checked = time.perf_counter()
    told = json.loads(ask(line, "GET", where, person).body)
    assert told["state"] == "ready", told
    assert ask(line, "GET", told["thumbnail"], person).body
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
    person: dict[str, Any],
    body: bytes | None = None,
    /,
    **headers: str,
) -> Answer:
    signed = {"Authorization": f"Bearer {person['token']}"}
    line.request(method, path, body=body, headers={**signed, **_TUS, **headers})
    return Answer(line.getresponse())


def _line(url: str) -> http.client.HTTPConnection:
    address = urlsplit(url)
    return http.client.HTTPConnection("localhost", address.port, timeout=60)


@contextmanager
def served() -> Iterator[tuple[str, dict[str, Any]]]:
    """A school, and somebody in it with a token."""
    with tempfile.TemporaryDirectory(prefix="schoolchat-picture-") as parent:
        Path(parent).chmod(0o711)
        tokens = Path(parent) / "tokens.jsonl"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "REDIS_"))}
        environment = {**kept, "SCHOOLCHAT_DATA": f"{parent}/data", "SCHOOLCHAT_SCANNER": "off"}
        manage = [sys.executable, str(TREE / "manage.py")]
        shape = ["--messages", "40", "--people", "10", "--channels", "2", "--members", "10"]
        subprocess.run(
            [*manage, "generate", *shape, "--months", "1", "--tokens", str(tokens)],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        people = [json.loads(line) for line in tokens.read_text().splitlines()]
        person = next(one for one in people if one["channels"])
        with subprocess.Popen(
            [*manage, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                assert server.stdout is not None
                yield server.stdout.readline().removeprefix("ready ").strip(), person
            finally:
                server.terminate()
                server.wait(60)


if __name__ == "__main__":
    sys.exit(main())
