"""Everything that is read from the environment stands on the page of settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

TREE = Path(settings.BASE_DIR)
PAGE = TREE / "docs" / "reference" / "settings.md"
READERS = {"text", "flag", "number", "words"}
#: Set by the product for its own children, by no administrator.
OWN_AFFAIR = {"SCHOOLCHAT_DRILL_FD", "SCHOOLCHAT_PARENT_FD", "SCHOOLCHAT_QUIET"}
_VARIABLE = re.compile(r"(?:SCHOOLCHAT_|DATABASE_|REDIS_)[A-Z0-9_]*[A-Z]")


def _sources() -> Iterator[Path]:
    for app in ("audit", "accounts", "messaging", "retention", "oversight", "schoolchat"):
        yield from (TREE / app).rglob("*.py")


def _read() -> set[str]:
    """The names given to the functions of schoolchat.environment, and to os.environ."""
    found: set[str] = set()
    for source in _sources():
        for node in ast.walk(ast.parse(source.read_text())):
            found |= {name for name in _names(node) if _VARIABLE.fullmatch(name)}
    return found


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and node.args:
        called = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if called in READERS or called.startswith("os.environ."):
            yield from _constant(node.args[0])
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        yield from _constant(node.slice)


def _constant(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _documented() -> set[str]:
    """What the first cell of a row on the page names."""
    rows = [line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("|")]
    return {name for row in rows for name in _VARIABLE.findall(row)}


def test_every_variable_that_is_read_is_documented() -> None:
    read = _read()
    assert {"SCHOOLCHAT_DATA", "REDIS_URL", "SCHOOLCHAT_RATES"} <= read
    assert sorted(read - OWN_AFFAIR - _documented()) == []


def test_every_variable_on_the_page_is_used() -> None:
    sources = [source.read_text() for source in (*_sources(), TREE / "tests" / "cluster.py")]
    # The passwords of roles are read under names that are put together.
    passwords = {name for name in _documented() if name.startswith("SCHOOLCHAT_DB_PASSWORD_")}
    wanted = sorted(_documented() - passwords)
    assert [name for name in wanted if not any(f'"{name}"' in text for text in sources)] == []
