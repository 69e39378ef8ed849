"""Retention measured on the demo's mix of classes, each figure beside its limit.

    .venv/bin/python -m benchmarks.retention                     # a million messages of 36 months
    .venv/bin/python -m benchmarks.retention --messages 1600000 --data FOLDER   # a million are due

Everything that is due is proposed, approved, and carried out by `apply_retention`'s own worker, in
as many rounds as it takes, while people write in a room. A folder that is named is kept; what was
due in it is gone afterwards, and a second run has nothing to do.
"""

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import Any, Final

from benchmarks.live import machine
from benchmarks.live.school import Failed, Folder, folder, last_line
from benchmarks.retention.chat import Chat, Step, Took, chatting, took
from schoolchat.database.errors import SetUpError

PROPOSAL_SECONDS: Final = 30  # over ten million messages
CARRIED_SECONDS: Final = 60  # a million messages
CHAT_TIMES: Final = 2
_TEN_MILLION: Final = 10_000_000
_MILLION: Final = 1_000_000

type Row = dict[str, Any]


def main() -> int:
    asked = _arguments()
    try:
        with folder(asked.data, asked.messages) as made:
            rows = _measure(made, asked)
    except (Failed, SetUpError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(json.dumps(rows) + "\n" if asked.json else _table(rows))
    return 0


def _measure(made: Folder, asked: Namespace) -> list[Row]:
    tokens = made.path / "tokens.jsonl"
    if not tokens.exists():
        _generate(made, asked, tokens)
    with chatting(made, tokens, asked.step) as chat:
        idle = chat.idle(asked.idle)
        proposals, carried, steps = _rounds(made, chat, asked)
    if not carried:
        raise Failed("Nothing is due in this folder any more; let another be generated.")
    return [_proposal(proposals[0]), *_carrying_out(carried), *_chat(took(idle), took(steps))]


def _generate(made: Folder, asked: Namespace, tokens: Path) -> None:
    draft = tokens.with_suffix(".draft")
    made.manage(
        *("generate", "--messages", str(asked.messages), "--months", str(asked.months)),
        *("--channels", str(asked.channels), "--people", str(asked.people)),
        *("--classes", "demo", "--tokens", str(draft)),
    )
    draft.rename(tokens)


def _rounds(made: Folder, chat: Chat, asked: Namespace) -> tuple[list[Row], list[Row], list[Step]]:
    """Proposals, what was carried out of each, and the chat meanwhile, until nothing is due or
    there have been as many as were asked for."""
    proposals: list[Row] = []
    carried: list[Row] = []
    steps: list[Step] = []
    while asked.rounds is None or len(carried) < asked.rounds:
        proposal = _answer(_begin(made, "propose", "web"))
        if not proposal["proposed"]:
            break
        proposals.append(proposal)
        disposer = _begin(made, "carry", "disposer")
        steps += chat.beside(disposer)
        carried.append(_answer(disposer))
        if not asked.silent:
            sys.stderr.write(f"{proposal} {carried[-1]}\n")
    return proposals, carried, steps


def _begin(made: Folder, part: str, role: str) -> subprocess.Popen[str]:
    """A part, in a process of its own and as the role that does it."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.retention.work", part],
        cwd=machine.TREE,
        env=made.environment(SCHOOLCHAT_DB_ROLE=role),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _answer(part: subprocess.Popen[str]) -> Row:
    out, error = part.communicate()
    if part.returncode:
        raise Failed(f"A part failed: {last_line(error)}")
    found: Row = json.loads(out)
    return found


def _proposal(found: Row) -> Row:
    """The first, which finds most. What it would take over ten million, in proportion."""
    whole = found["seconds"] / found["messages"] * _TEN_MILLION
    return {
        "what": f"proposal over {found['messages']:,} messages, {found['due']:,} of them due",
        "reached": f"{found['seconds']:.1f} s, {whole:.1f} s for 10 million in proportion",
        "limit": f"{PROPOSAL_SECONDS} s",
        "ratio": whole / PROPOSAL_SECONDS,
    }


def _carrying_out(carried: list[Row]) -> list[Row]:
    messages = sum(found["messages"] for found in carried)
    seconds = sum(found["seconds"] for found in carried)
    spent: Counter[str] = Counter()
    for found in carried:
        spent.update(found["parts"])
    limit = CARRIED_SECONDS / _MILLION * 1e6
    whole = {
        "what": f"carrying out {messages:,} messages, rounds: {len(carried)}",
        "reached": f"{seconds:.1f} s, {seconds / messages * 1e6:.0f} µs a message",
        "limit": f"{limit:.0f} µs",
        "ratio": seconds / messages * 1e6 / limit,
    }
    parts = [
        {
            "what": f"of it {name}",
            "reached": f"{took / messages * 1e6:.1f} µs a message",
            "limit": "",
            "ratio": None,
        }
        for name, took in spent.most_common()
    ]
    return [whole, *parts]


def _chat(idle: Took, beside: Took) -> list[Row]:
    rows = [
        {
            "what": f"p95 of a delivery meanwhile, the {which} of {beside.steps} steps",
            "reached": f"{after:.1f} ms; idle {before:.1f} ms",
            "limit": f"{CHAT_TIMES} times idle",
            "ratio": after / before / CHAT_TIMES,
        }
        for which, before, after in (
            ("median", idle.usual, beside.usual),
            ("worst", idle.worst, beside.worst),
        )
    ]
    late = {
        "what": "deliveries that had not come after 3 s, and times that somebody loaded anew",
        "reached": f"{beside.lost}, {beside.resets}",
    }
    return [*rows, {**late, "limit": "", "ratio": None}]


def _table(rows: list[Row]) -> str:
    lines = ["| what | reached | limit | of the limit |", "|---|---|---|---|"]
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        lines.append(f"| {row['what']} | {row['reached']} | {row['limit']} | {ratio} |")
    return f"{machine.description()}\n" + "\n".join(lines) + "\n"


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--channels", type=int, default=80)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--rounds", type=int, help="no more than so many")
    parser.add_argument("--idle", type=float, default=20, help="seconds of the chat alone")
    parser.add_argument("--step", type=float, default=5, help="seconds of which a p95 is taken")
    parser.add_argument("--data", type=Path, help="a folder that is kept")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--silent", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
