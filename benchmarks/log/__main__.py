"""The log measured: what an entry costs a message, sealing, verifying, and proofs.

    .venv/bin/python -m benchmarks.log                       # a log of a million entries
    .venv/bin/python -m benchmarks.log --entries 10000000    # about half an hour, 12 GB

Each figure stands beside its limit, as a ratio. Everything, PostgreSQL included, runs on one core.
"""

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any, Final

from benchmarks.live import machine
from benchmarks.live.school import Failed, Folder, Shape, folder, last_line
from schoolchat.database.errors import SetUpError
from schoolchat.database.lease import leased

STEPS: Final = ("record", "versions", "fill", "seal", "turn", "verify", "proof")
#: The channel in which messages are posted, and the messages that are verified.
SHAPE: Final = Shape(rooms=1, members=50)


def main() -> int:
    asked = _arguments()
    machine.stay_on(machine.cores().server)
    try:
        with folder(asked.data, asked.messages) as made, leased(made.data):
            made.school(SHAPE)
            rows = [row for step in asked.step for row in _rows(made, step, asked)]
    except (Failed, SetUpError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(json.dumps(rows) + "\n" if asked.json else _table(rows))
    return 0


def _rows(made: Folder, step: str, asked: Namespace) -> list[dict[str, Any]]:
    """What one step printed; each runs in a process of its own, as the role that does it."""
    role = {"seal": "sealer", "turn": "owner", "fill": "owner", "record": "owner"}
    command = [sys.executable, "-m", "benchmarks.log.work", step, str(asked.entries)]
    done = subprocess.run(
        command,
        cwd=machine.TREE,
        env=made.environment(SCHOOLCHAT_DB_ROLE=role.get(step, "worker")),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{step} failed: {last_line(done.stderr)}")
    if not asked.silent:
        sys.stderr.write(f"{step}: {done.stdout}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _table(rows: list[dict[str, Any]]) -> str:
    lines = ["| what | reached | limit | of the limit |", "|---|---|---|---|"]
    lines += [
        f"| {row['what']} | {row['reached']} | {row['limit']} | {row['ratio']:.2f} |"
        for row in rows
    ]
    return f"{machine.description()}\n" + "\n".join(lines) + "\n"


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the log")
    parser.add_argument("--messages", type=int, default=50_000, help="whose versions are verified")
    parser.add_argument("--data", type=Path, help="a folder that is kept and used again")
    parser.add_argument("--step", action="append", choices=STEPS, help="only this one")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--silent", action="store_true")
    asked = parser.parse_args()
    asked.step = asked.step or list(STEPS)
    return asked


if __name__ == "__main__":
    sys.exit(main())
