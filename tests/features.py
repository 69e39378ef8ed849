"""The tests that show what the conversation promises, and the table of them.

A test says what it shows, on which screens and with how many people at them, by
`@pytest.mark.shows("reply", on="both", people=2)`; tests/e2e/screens.py fails one that opened
others. By `@pytest.mark.says("bomb")` it says that it reads the sentence of a fault. From these
markers `python -m tests.features` writes docs/reference/features.md, and
tests/house/test_features.py holds it against tests/promises.py.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from tests.promises import FAULTS, FEATURES, MEASURED, ONLY, UNSEEN

TREE: Final = Path(__file__).resolve().parent.parent
PAGE: Final = TREE / "docs" / "reference" / "features.md"
DESK, PHONE = "desk", "phone"
#: By what a marker says of `on`.
SCREENS: Final = {
    "desk": frozenset({DESK}),
    "phone": frozenset({PHONE}),
    "both": frozenset({DESK, PHONE}),
    "": frozenset[str](),
}

_HEAD: Final = """\
# What is shown by which test

Every feature of the conversation, and the tests that show it: on which screens (a phone of 390 px
that is touched, a desk of 1440 px), and with how many people at screens of their own. Written by
`python -m tests.features` from the markers in the tests. A test that opened other screens, or
other people's, than its marker says fails; and so does the suite when a line has no test, when one
is not shown on both screens (but for [these](#on-one-screen-only) and
[these](#on-no-screen)), or when this page is not what that command writes. What is measured is
printed by a script, and stands with its date in [the figures](../performance.md).
"""


class Shown(NamedTuple):
    """A test that shows something: where it stands, and what its marker says."""

    name: str
    path: Path
    test: str
    on: frozenset[str] = frozenset()
    people: int = 0

    @property
    def link(self) -> str:
        words = self.test.removeprefix("test_").replace("_", " ")
        return f"[{words}](../../{self.path.relative_to(TREE).as_posix()})"


def names() -> set[str]:
    """Of all features and faults."""
    return {name for part in FEATURES.values() for name in part} | set(FAULTS)


@cache
def shown() -> tuple[Shown, ...]:
    """What the markers `shows` say, in the order of the files."""
    return tuple(
        Shown(name, path, function.name, SCREENS[str(said.get("on", ""))], _people(said))
        for path, function in _tests()
        for names_, said in _marks(function, "shows")
        for name in names_
    )


def _people(said: dict[str, object]) -> int:
    return int(str(said.get("people", 1 if "on" in said else 0)))


@cache
def says() -> tuple[Shown, ...]:
    """Tests that read the sentence of a fault: those that are so marked, and ask `told` for it."""
    return tuple(
        Shown(name, path, function.name)
        for path, function in _tests()
        for names_, _ in _marks(function, "says")
        for name in names_
        if f"told('{name}'" in ast.unparse(function)
    )


type _Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _tests() -> tuple[tuple[Path, _Function], ...]:
    return tuple(
        (path, node)
        for path in sorted((TREE / "tests").rglob("test_*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _marks(function: _Function, marker: str) -> Iterator[tuple[list[str], dict[str, object]]]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == f"pytest.mark.{marker}":
            said = {str(one.arg): ast.literal_eval(one.value) for one in mark.keywords}
            yield [str(ast.literal_eval(each)) for each in mark.args], said


def screens(name: str) -> frozenset[str]:
    """Those on which it is shown, by all its tests together."""
    return frozenset[str]().union(*(one.on for one in shown() if one.name == name))


def page() -> str:
    """The tables, as they should stand in the documentation."""
    return "\n".join([_HEAD, *_features(), _faults(), _one_screen(), _no_screen()])


def _features() -> Iterator[str]:
    for title, features in FEATURES.items():
        rows = [f"| {words} | {_where(name)} |" for name, words in features.items()]
        yield _table(title, "what | on | people | shown by", rows)


def _faults() -> str:
    rows = [
        f"| {what} | “{sentence % {'count': 1} if '%(' in sentence else sentence}” {_read(name)} "
        f"| {_where(name)} |"
        for name, (what, sentence) in FAULTS.items()
    ]
    return _table("Bad input and faults", "what | it is said | on | people | shown by", rows)


def _read(name: str) -> str:
    return f"({'; '.join(one.link for one in says() if one.name == name)})"


def _one_screen() -> str:
    rows = [f"| {_words(name)} | {screen} | {why} |" for name, (screen, why) in ONLY.items()]
    return _table("On one screen only", "what | on | why", rows)


def _no_screen() -> str:
    rows = [f"| {_words(name)} | {why} |" for name, why in UNSEEN.items()]
    return _table("On no screen", "what | why", rows)


def _words(name: str) -> str:
    return next(part[name] for part in FEATURES.values() if name in part)


def _table(title: str, head: str, rows: list[str]) -> str:
    line = "|---" * (head.count("|") + 1) + "|"
    return "\n".join([f"## {title}\n", f"| {head} |", line, *rows, ""])


def _where(name: str) -> str:
    tests = [one for one in shown() if one.name == name]
    links = [one.link for one in tests]
    if name in MEASURED:
        script = f"benchmarks/{MEASURED[name]}.py"
        links.append(f"measured by [{script}](../../{script})")
    people = max((one.people for one in tests), default=0)
    on = ", ".join(sorted(screens(name), reverse=True))
    return f"{on or '–'} | {people or '–'} | {'; '.join(links)}"


if __name__ == "__main__":
    PAGE.write_text(page())
