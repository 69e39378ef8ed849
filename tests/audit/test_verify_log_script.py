"""docs/verify_log.py: what it needs, how it is called, and its arithmetic by the definition."""

import ast
import sys
from functools import cache
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.tiles import parse_tile_path
from tests.audit.by_definition import numbered
from tests.audit.sealed_log import SCHOOLS_KEY
from tests.audit.verify_log import NOT_CHECKED, SCRIPT, run

TREE = numbered(5_000)


def test_it_needs_nothing_but_the_standard_library_of_python_3_9() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 9))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [
        node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in found
    ]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(SCRIPT.read_text().splitlines()) < 300


@pytest.mark.parametrize(
    "arguments",
    [[], ["proof"], ["seal", "x"], ["consistency", "x", "y"], ["proof", "x", "y"]],
)
def test_a_command_that_is_not_understood_is_not_checked(arguments: list[str]) -> None:
    assert run(*arguments, "--key", SCHOOLS_KEY) == (NOT_CHECKED, ""), "the usage stands in stderr"


@cache
def read(size: int, level: int, index: int) -> bytes:
    return TREE.tile(level, index, min(256, size // 256**level - index * 256))


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_its_arithmetic_is_that_of_the_definition(script: ModuleType, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5_000))
    old = data.draw(st.integers(1, size))
    asked: set[tuple[int, int]] = set()

    def tile(level: int, index: int) -> bytes:
        asked.add((level, index))
        return read(size, level, index)

    assert script._roots(tile, 0, old, size) == (TREE.mth(0, old), TREE.mth(0, size))
    assert len(asked) <= 4, "two tiles at the edges, and what is above them"
    leaf = TREE.mth(old - 1, old)
    path = TREE.path(old - 1, 0, size)
    assert script._root_by_path(leaf, old - 1, size, path) == TREE.mth(0, size)


def test_it_names_tiles_as_the_specification_does(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetch(log: str, name: str) -> bytes:
        asked.append(name)
        return b""

    monkeypatch.setattr(script, "_fetch", fetch)
    for size in (1_234_067 * 256 + 5, 1_234_068 * 256, 5):
        with pytest.raises(Exception, match="does not give"):
            script._read_tile("log", size, 0, (size - 1) // 256)
    assert asked == [
        "tile/0/x001/x234/067.p/5", "tile/0/x001/x234/067", "tile/0/x001/x234/067",
        "tile/0/000.p/5", "tile/0/000",
    ]  # fmt: skip
    assert all(parse_tile_path(name) for name in asked)
