"""What Lighthouse says of the chat on a phone, signed in: speed, accessibility, practice.

    .venv/bin/python -m benchmarks.lighthouse [--version 12.8.2] [--json]

Lighthouse is installed from the npm registry into a temporary folder, and runs in a Chromium that
is signed in to a generated school. The phone and the network are those that Lighthouse simulates.
Exits 1 when a score is below 95.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright

from benchmarks.live.machine import free_port
from benchmarks.live.school import Failed
from benchmarks.product import CHROMIUM, Product, enter, product

LEAST: Final = 95
CATEGORIES: Final = ("performance", "accessibility", "best-practices")
_PAGES: Final = {"the channels": "/", "a conversation": "/?channel={channel}"}
_SECONDS: Final = 180
_WELL: Final = 0.9  # an audit that Lighthouse shows in green


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A page's scores out of 100, and what cost it points."""

    page: str
    scores: dict[str, int]
    costs: list[str]


def judge(served: Product, version: str) -> list[Judged]:
    """Every page, by the same browser."""
    with tempfile.TemporaryDirectory(prefix="schoolchat-lighthouse-") as folder:
        _install(Path(folder), version)
        port = free_port()
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                Path(folder) / "profile",
                executable_path=CHROMIUM,
                base_url=served.url,
                args=["--no-sandbox", f"--remote-debugging-port={port}"],
            )
            enter(context.pages[0], served)
            context.pages[0].goto("about:blank")
            judged = []
            for name, path in _PAGES.items():
                url = served.url + path.format(channel=served.channels[0])
                judged.append(_judged(name, _report(Path(folder), port, url)))
            context.close()
    return judged


def _install(folder: Path, version: str) -> None:
    _run(folder, "npm", "install", "--no-audit", "--no-fund", "--silent", f"lighthouse@{version}")


def _report(folder: Path, port: int, url: str) -> dict[str, Any]:
    said = _run(
        folder,
        *("node_modules/.bin/lighthouse", url, f"--port={port}", "--disable-storage-reset"),
        *("--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}"),
    )
    report: dict[str, Any] = json.loads(said)
    return report


def _run(folder: Path, *command: str) -> str:
    # It would ask whether it may report home.
    quiet = {**os.environ, "CI": "1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=quiet,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{command[0]} failed: {done.stderr[-400:]}")
    return done.stdout


def _judged(page: str, report: dict[str, Any]) -> Judged:
    categories = report["categories"]
    scores = {name: round((categories[name]["score"] or 0) * 100) for name in CATEGORIES}
    weighty = (
        report["audits"][one["id"]]
        for name in CATEGORIES
        for one in categories[name]["auditRefs"]
        if one["weight"]
    )
    costs = [
        ": ".join([audit["title"], *filter(None, [audit.get("displayValue")])])
        for audit in weighty
        if audit["score"] is not None and audit["score"] < _WELL
    ]
    return Judged(page=page, scores=scores, costs=costs)


def main() -> int:
    """Exit 1 when a score is below the least."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--version", default="12.8.2")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with product(given.messages) as served:
        judged = judge(served, given.version)
    if given.json:
        print(json.dumps([vars(one) for one in judged]))
    else:
        for one in judged:
            print(f"{one.page:<16}" + "".join(f"{k} {v:<6}" for k, v in one.scores.items()))
            print("".join(f"    {cost}\n" for cost in one.costs), end="")
    return 0 if all(score >= LEAST for one in judged for score in one.scores.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
