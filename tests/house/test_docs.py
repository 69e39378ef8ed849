"""The documentation is held against the code, so that it cannot fall behind unnoticed."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from audit.actions import BULK, FACTS, Action

TREE = Path(__file__).resolve().parent.parent.parent
DOCS = TREE / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*TREE.glob("*.md"), *DOCS.rglob("*.md")])
PROJECT = tomllib.loads((TREE / "pyproject.toml").read_text())

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r'add_argument\(\s*"(--[a-z][a-z-]*)"')
_REQUIREMENT = re.compile(r"[A-Za-z0-9-]+")
# The sum of the text that the Apache Software Foundation publishes.
_APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"

COMMANDS = {
    path.stem: path
    for path in TREE.glob("*/management/commands/*.py")
    if not path.stem.startswith("_")
}


def _name(page: Path) -> str:
    return str(page.relative_to(TREE))


def _rows(page: Path) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = (line.strip() for line in page.read_text().splitlines())
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]


def _sections(page: Path) -> dict[str, str]:
    """The third-level sections of a page by the first word of their headings."""
    found = re.split(r"^### `([a-z_]+)", page.read_text(), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_links_between_pages_lead_somewhere(document: Path) -> None:
    links = _LINK.findall(_FENCE.sub("", document.read_text()))
    inside = [link.partition("#")[0] for link in links if "://" not in link]
    missing = [link for link in inside if link and not (document.parent / link).exists()]
    assert not missing


def test_every_page_is_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = (link.partition("#")[0] for link in _LINK.findall(page.read_text()))
        waiting += [(page.parent / link).resolve() for link in links if link and "://" not in link]
    assert set(DOCS.rglob("*.md")) <= reached


def test_the_readme_fits_a_screen() -> None:
    assert len((TREE / "README.md").read_text().splitlines()) <= 60


def test_every_command_is_documented_and_no_other() -> None:
    assert set(_sections(REFERENCE / "commands.md")) == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_of_a_command_is_documented(command: str) -> None:
    section = _sections(REFERENCE / "commands.md").get(command, "")
    options = set(_OPTION.findall(COMMANDS[command].read_text()))
    assert {option for option in options if option not in section} == set()


def test_every_entry_of_the_log_is_documented_with_its_facts() -> None:
    shown = {row[0]: row[3] for row in _rows(REFERENCE / "entries.md") if "." in row[0]}
    assert shown == {f"`{action}`": _facts(action) for action in Action}


def _facts(action: Action) -> str:
    names = [*FACTS[action], *(("count", "root") if action in BULK else ())]
    return ", ".join(f"`{name}`" for name in names) or "–"


def test_every_dependency_has_its_line_and_no_other_has() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    names = {match[0].lower() for each in wanted if (match := _REQUIREMENT.match(each))}
    shown = {row[0] for row in _rows(DOCS / "dependencies.md")} - {"package"}
    assert {name for name in shown if not name.startswith("---")} == names


def test_the_floors_are_those_that_the_linter_keeps_apart() -> None:
    contract, *_ = PROJECT["tool"]["importlinter"]["contracts"]
    rows = _rows(DOCS / "explanation" / "architecture.md")
    shown = [row[1].strip("`") for row in rows if row[1].strip("`") in contract["layers"]]
    assert shown == contract["layers"]


def test_decisions_are_numbered_and_have_three_parts() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text()
        parts = [text.index(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
        assert text.startswith(f"# {page.name[:4]} ")
        assert parts == sorted(parts)


def test_the_licence_is_the_unchanged_apache_licence() -> None:
    assert hashlib.sha256((TREE / "LICENSE").read_bytes()).hexdigest() == _APACHE_2
