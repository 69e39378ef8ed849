"""The quick tools that were there before, run beside ours: `--livebench DIR`."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.live.machine import SYSTEM_PYTHON
from benchmarks.live.school import Failed, last_line

TARGET: Final = "uvicorn-rawframe-uvloop"
LOAD: Final = "1x200"


def quick_tool(tool: Path, *, seconds: float, bisections: int) -> str:
    """What its bare fan-out (no database) costs a delivery, on this machine and now."""
    with tempfile.TemporaryDirectory(prefix="livebench-") as home:
        _lay_out(Path(home))
        results = Path(home) / "results.jsonl"
        command = [str(SYSTEM_PYTHON), str(tool / "run.py"), TARGET, LOAD, "--out", str(results)]
        command += ["--seconds", str(seconds), "--bisect", str(bisections)]
        done = subprocess.run(
            command,
            env={**os.environ, "LIVEBENCH_HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not results.exists():
            raise Failed(f"The quick tool in {tool} failed: {last_line(done.stderr)}")
        rows = json.loads(results.read_text().splitlines()[-1])["rows"]
    held = [row for row in rows if row["ok"]]
    if not held:
        raise Failed(f"The quick tool in {tool} found no rate that is held.")
    best = max(held, key=lambda row: row["rate"])
    return f"{best['cpu_us']} µs of CPU a delivery at {best['deliv_s']} deliveries/s"


def _lay_out(home: Path) -> None:
    """The folders that it looks for; its packages are those of this environment."""
    programs = home / "v-app" / "bin"
    programs.mkdir(parents=True)
    (programs / "uvicorn").symlink_to(Path(sys.executable).parent / "uvicorn")
    for name in ("logs", "run"):
        (home / name).mkdir()
