"""Whether a test opened the screens, of as many people, as its marker says."""

from collections.abc import Iterable

import pytest

from tests.e2e.window import Window
from tests.features import SCREENS


def wrongly_marked(item: pytest.Item, windows: Iterable[Window]) -> str:
    """What the markers `shows` of a test say otherwise than these windows; else nothing."""
    marks = [mark.kwargs for mark in item.iter_markers("shows")]
    if not any("on" in mark for mark in marks):  # it runs a module, and shows no page
        return ""
    said = frozenset[str]().union(*(SCREENS[mark.get("on", "")] for mark in marks))
    people = max(int(mark.get("people", 1)) for mark in marks)
    opened = frozenset(window.screen for window in windows)
    there = len({window.person or window for window in windows})
    if (said, people) == (opened, there):
        return ""
    return f"its marker should say on={sorted(opened)}, people={there}"
