"""The benchmark of retention runs from end to end and prints a ratio for what is promised."""

import json
import subprocess
import sys

from django.conf import settings

from tests.ready import ready_folder

PROMISED = ("proposal over", "carrying out", "p95 of a delivery", "p95 of a delivery")


def test_each_figure_stands_beside_its_limit() -> None:
    small = ["--messages=400", "--months=15", "--channels=8", "--people=12"]
    asked = [*small, "--idle=1", "--step=1", "--json", "--silent"]
    with ready_folder() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.retention", *asked, f"--data={folder}"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    rows = [row for row in json.loads(done.stdout) if row["ratio"] is not None]
    assert [row["what"].startswith(what) for row, what in zip(rows, PROMISED, strict=True)] == [
        True
    ] * len(PROMISED)
    assert all(row["ratio"] > 0 and row["limit"] for row in rows)
