"""One module of many: a browser would ask for each, level by level of what imports what.

Each module becomes a function of its own, so that no name of one is seen by another; what it
exports is exported again. The import map leads every joined name to the one address, so a module
that is loaded later finds the same instances.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

#: The one way in which our modules import: a line, by a bare name.
_IMPORT: Final = re.compile(r'^import (?:\{ ([^}]+) \} from )?"([\w/-]+)";[^\n]*\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?(?:class|function\*?|const) (\w+))", re.MULTILINE)
_ANY: Final = re.compile(r"^(?:import\b(?!\()|export\b).*$", re.MULTILINE)
_COMMENTS: Final = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)

Read = Callable[[str], str]


class NotJoinable(Exception):
    """A module is written in a way that cannot be joined."""


def needed(entries: Sequence[str], read: Read) -> list[str]:
    """The names of the modules that these need at once, each after those that it needs."""
    order: list[str] = []
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in open_:
            raise NotJoinable(f"{' → '.join([*open_, name])} import each other.")
        if name in order:
            return
        open_.append(name)
        for found in _IMPORT.finditer(read(name)):
            visit(found[2])
        order.append(open_.pop())

    for entry in entries:
        visit(entry)
    return order


def joined(names: Sequence[str], read: Read, elsewhere: Sequence[str] = ()) -> str:
    """One module in which all of these run in this order, exporting what each exports. Those
    `elsewhere` that they import and that are not among them are imported."""
    numbers = {name: f"m{number}" for number, name in enumerate(names)}
    outside = {name: f"o{number}" for number, name in enumerate(elsewhere) if name not in numbers}
    exported: dict[str, str] = {}
    parts = [
        f'import * as {outside[name]} from "{name}";\n' for name in _wanted(names, read, outside)
    ]
    numbers |= outside
    for name in names:
        number = numbers[name]
        text, exports = _as_function(name, read(name), numbers)
        for one in exports:
            if one in exported:
                raise NotJoinable(f"{exported[one]} and {name} both export {one}.")
            exported[one] = name
        parts.append(f"const {number} = {text};\n" + "".join(_again(number, exports)))
    return "".join(parts)


def _wanted(names: Sequence[str], read: Read, outside: Collection[str]) -> list[str]:
    found = {one[2] for name in names for one in _IMPORT.finditer(read(name))}
    return [name for name in outside if name in found]


def _as_function(name: str, text: str, numbers: dict[str, str]) -> tuple[str, list[str]]:
    def imported(found: re.Match[str]) -> str:
        if not found[1]:
            return ""
        return f"const {{ {found[1].replace(' as ', ': ')} }} = {numbers[found[2]]};\n"

    exports = [found[2] for found in _EXPORT.finditer(text)]
    body = _EXPORT.sub(r"\1", _IMPORT.sub(imported, _COMMENTS.sub("", text)))
    if left := _ANY.search(body):
        raise NotJoinable(f"{name} cannot be joined: {left[0]}")
    return f"(() => {{\n{body}return {{ {', '.join(exports)} }};\n}})()", exports


def _again(number: str, exports: list[str]) -> Iterator[str]:
    """By names of their own, which hide none of the browser's from the functions above."""
    if exports:
        yield f"const {{ {', '.join(f'{one}: {number}_{one}' for one in exports)} }} = {number};\n"
        yield f"export {{ {', '.join(f'{number}_{one} as {one}' for one in exports)} }};\n"
