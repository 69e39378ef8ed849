"""The search measured, beside PostgreSQL's own full-text search on the same text in plain.

    .venv/bin/python -m benchmarks.search                       # a million messages over 84 months
    .venv/bin/python -m benchmarks.search --messages 10000000 --data FOLDER    # some hours, 25 GB

Each figure stands beside its limit, and beside what the one obvious query takes in plain:
`to_tsvector('english', …)` with GIN, `ORDER BY … LIMIT 20`, of one table, and of one that has a
partition a month. The plain copies are in a database of their own in the same server, made once a
folder. Everything is warm, but for `first`.
"""

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any, Final

from benchmarks.live import machine
from benchmarks.live.school import Failed, Folder, folder, last_line
from schoolchat.database.errors import SetUpError
from schoolchat.database.lease import leased

STEPS: Final = ("plain", "speed", "first", "indexing", "recall", "hidden")
ROLES: Final = {"indexing": "owner"}
FIRST: Final = ("common", "rare", "absent", "two", "phrase", "prefix", "name")
FIRST_MS: Final = 2_000
MONTHS: Final = 84


def main() -> int:
    asked = _arguments()
    try:
        with folder(asked.data, asked.messages) as made:
            _fill(made, asked)
            found, failed = _steps(made, asked.step)
    except (Failed, SetUpError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(json.dumps(found) + "\n" if asked.json else _report(found))
    sys.stderr.writelines(f"{each}\n" for each in failed)
    return 1 if failed else 0


def _steps(made: Folder, steps: list[str]) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """What each step found, and why others did not: one that fails, maybe after hours, must not
    take the figures of the others with it."""
    found: dict[str, list[dict[str, Any]]] = {}
    failed = []
    for step in steps:
        try:
            found[step] = _step(made, step)
        except Failed as refusal:
            failed.append(str(refusal))
    return found, failed


def _fill(made: Folder, asked: Namespace) -> None:
    mark = made.path / "generated"
    if mark.exists():
        return
    made.manage(
        *("generate", "--messages", str(asked.messages), "--months", str(MONTHS)),
        *("--channels", str(asked.channels), "--people", str(asked.people)),
    )
    mark.touch()


def _step(made: Folder, step: str) -> list[dict[str, Any]]:
    if step == "first":
        # Between two of them the server of the database is stopped, since nobody leases it.
        return [row for what in FIRST for row in _work(made, "first", what)]
    return _work(made, step)


def _work(made: Folder, *arguments: str) -> list[dict[str, Any]]:
    """What one step printed; each runs in a process of its own, as the role that searches."""
    with leased(made.data):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.search.work", *arguments],
            cwd=machine.TREE,
            env=made.environment(SCHOOLCHAT_DB_ROLE=ROLES.get(arguments[0], "web")),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Failed(f"{' '.join(arguments)} failed: {last_line(done.stderr)}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _report(found: dict[str, list[dict[str, Any]]]) -> str:
    parts = [machine.description()]
    parts += [
        f"{copy['messages']:,} messages; in plain {copy['table']:.0f} bytes a message and"
        f" {copy['indexes']:.0f} of indexes"
        for copy in found.get("plain", [])
    ]
    if rows := found.get("speed"):
        parts.append(_table(rows))
    if rows := found.get("first"):
        head = "| the first search after a restart | ms | limit | of the limit |\n|---|---|---|---|"
        lines = [
            f"| {row['what']} | {row['took']:.0f} | {FIRST_MS:,} | {row['took'] / FIRST_MS:.2f} |"
            for row in rows
        ]
        parts.append("\n".join([head, *lines]))
    if rows := found.get("indexing"):
        head = "| index | reached | limit | of the limit |\n|---|---|---|---|"
        parts.append("\n".join([head, *map(_of_index, rows)]))
    if rows := found.get("recall"):
        head = "| a plain scan | queries | texts | hits | recall | at least | precision |"
        parts.append("\n".join([head, "|---|---|---|---|---|---|---|", *map(_of_recall, rows)]))
    if rows := found.get("hidden"):
        head = "| a member's search | build | runs | hidden ms | nowhere ms | p | as it must be |"
        parts.append("\n".join([head, "|---|---|---|---|---|---|---|", *map(_of_hidden, rows)]))
    return "\n\n".join(parts) + "\n"


def _of_index(row: dict[str, Any]) -> str:
    limit = ["", ""]
    if row["limit"]:
        limit = [str(row["limit"]), f"{row['reached'] / row['limit']:.2f}"]
    return f"| {' | '.join([row['what'], f'{row["reached"]:.1f}', *limit])} |"


def _of_recall(row: dict[str, Any]) -> str:
    counts = [f"{row[name]:,}" for name in ("queries", "texts", "wanted")]
    shares = [f"{row[name]:.2%}" for name in ("recall", "least", "precision")]
    return f"| {' | '.join([row['kind'], *counts, *shares])} |"


def _of_hidden(row: dict[str, Any]) -> str:
    build = "told at once, as the desk" if row["telling"] else "the product's"
    right = "yes" if row["as it must be"] else "**no**"
    times = [f"{row['hidden']:.2f}", f"{row['nowhere']:.2f}", f"{row['p']:.4f}"]
    return f"| {' | '.join([row['kind'], build, str(row['runs']), *times, right])} |"


def _table(rows: list[dict[str, Any]]) -> str:
    heads = ["search", "hits", "p50 ms", "p95 ms", "limit of p95", "of the limit"]
    heads += ["in plain p50", "p95", "p50 against it"]
    heads += ["in plain by month p50", "p95", "p50 against it"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        beside = []
        for table in ("message", "by_month"):
            it = row["beside"].get(table)
            beside += (
                [f"{it['p50']:.1f}", f"{it['p95']:.1f}", f"{it['times']:.2f}"] if it else [""] * 3
            )
        hits = f"{row['hits']:,.0f}" + (f", {row['partial']} partial" if row["partial"] else "")
        figures = [hits, f"{row['p50']:.1f}", f"{row['p95']:.1f}", f"{row['limit']:,}"]
        cells = [row["what"], *figures, f"{row['ratio']:.2f}", *beside]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--data", type=Path, help="a folder that is kept and used again")
    parser.add_argument("--step", action="append", choices=STEPS, help="only this one")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--silent", action="store_true")
    asked = parser.parse_args()
    asked.step = asked.step or list(STEPS)
    return asked


if __name__ == "__main__":
    sys.exit(main())
