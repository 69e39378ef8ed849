"""The log's benchmark runs from end to end and prints a ratio for everything it promises."""

import json
import subprocess
import sys

from django.conf import settings

from tests.ready import ready_folder

MEASURED = (
    "recording adds to posting, batches",
    "recording adds to posting, one by one",
    "verifying",
    "sealing",
    "verifying a log",
    "a proof in a log",
)


def test_each_figure_stands_beside_its_limit() -> None:
    steps = [f"--step={step}" for step in ("record", "versions", "fill", "seal", "verify", "proof")]
    asked = ["--entries=3000", "--messages=300", *steps, "--json", "--silent"]
    with ready_folder() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.log", *asked, f"--data={folder}"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["what"].startswith(what) for row, what in zip(rows, MEASURED, strict=True)] == [
        True
    ] * len(MEASURED)
    assert all(row["ratio"] != 0 and row["limit"] for row in rows)
