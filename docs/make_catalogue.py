#!/usr/bin/env python
"""Writes what translators work on: locale/django.pot and locale/djangojs.pot.

    python docs/make_catalogue.py             what there is to translate, from the sources
    python docs/make_catalogue.py --compile   the .mo files that the product reads, from the .po

Babel is all it wants: GNU gettext, which Django's own commands call, is not on every machine.
"""

import argparse
import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

TREE: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = TREE / "locale"
APPS: Final = ("accounts", "audit", "messaging", "oversight", "retention", "schoolchat")
#: What a person sees of an exception that descends from it is its docstring.
ROOT: Final = "Said"

_JAVASCRIPT: Final[Any] = {"encoding": "utf-8", "parse_template_string": True}
_CONTEXT: Final = ((1, "c"), 2)
_PLURAL_IN_CONTEXT: Final = ((1, "c"), 2, 3)
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _PLURAL_IN_CONTEXT,
}

#: Context or none, and the sentence, or the one for one and the one for many.
type Sentence = tuple[str | None, str | tuple[str, str]]


def catalogues() -> dict[str, str]:
    """The text of each file, by its name."""
    return {
        "django.pot": _written(
            [*_in_python(), *_in_docstrings(), *_in_templates(), *_in_presets()]
        ),
        "djangojs.pot": _written(list(_in_javascript())),
    }


def make() -> None:
    """Write both, where they differ."""
    for name, text in catalogues().items():
        (LOCALE / name).write_text(text, encoding="utf-8")


def compile_all() -> None:
    """Write the .mo beside every .po."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file, source.with_suffix(".mo").open("wb") as to:
            write_mo(to, read_po(file))


def _written(found: list[tuple[Path, Sentence]]) -> str:
    """Sorted, with the files and no lines: so that two changes seldom touch the same place."""
    catalogue = Catalog(project="SchoolChat", charset="utf-8")
    places: dict[Sentence, set[str]] = {}
    for path, sentence in found:
        places.setdefault(sentence, set()).add(str(path.relative_to(TREE)))
    for (context, words), files in places.items():
        catalogue.add(words, context=context, locations=[(file, 0) for file in sorted(files)])
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, omit_header=True, include_lineno=False, width=100)
    return _HEAD + out.getvalue().decode()


_HEAD: Final = """\
# Every sentence that SchoolChat shows; written by docs/make_catalogue.py, never by hand.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def _in_python() -> Iterator[tuple[Path, Sentence]]:
    for path in _python():
        with path.open("rb") as file:
            found = extract_python(file, dict.fromkeys(KEYWORDS), (), {"encoding": "utf-8"})
            yield from _sentences(path, found)


def _in_templates() -> Iterator[tuple[Path, Sentence]]:
    for path in sorted((TREE / "templates").rglob("*.*")):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What is no sentence is blanked out, and its indentation means nothing.
        lines = "\n".join(line.strip() for line in code.splitlines())
        file = io.BytesIO(lines.encode())
        found = extract_python(file, dict.fromkeys(KEYWORDS), (), {"encoding": "utf-8"})
        yield from _sentences(path, found)


def _in_presets() -> Iterator[tuple[Path, Sentence]]:
    """The names and authorities of retention rules that stand as data."""
    for path in sorted((TREE / "retention" / "presets").glob("*.toml")):
        for rule in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]:
            for name in ("name", "authority"):
                if name in rule:
                    yield path, (None, rule[name])


def _in_javascript() -> Iterator[tuple[Path, Sentence]]:
    for path in sorted((TREE / "static" / "js").rglob("*.js")):
        with path.open("rb") as file:
            yield from _sentences(
                path, extract_javascript(file, dict.fromkeys(KEYWORDS), (), _JAVASCRIPT)
            )


def _sentences(path: Path, found: Any) -> Iterator[tuple[Path, Sentence]]:
    """Babel gives the arguments of a call; what is no plain string is None there."""
    for _line, function, given, _comments in found:
        arguments = list(given) if isinstance(given, tuple) else [given]
        spec = KEYWORDS[function]
        context = arguments.pop(0) if spec in {_CONTEXT, _PLURAL_IN_CONTEXT} else None
        plural = spec in {(1, 2), _PLURAL_IN_CONTEXT}
        words = arguments[:2] if plural else arguments[:1]
        if words and all(words):
            yield path, (context, (words[0], words[1]) if plural else words[0])


def _in_docstrings() -> Iterator[tuple[Path, Sentence]]:
    """Those of Said and of whatever descends from it, in whichever file."""
    classes = [(path, node) for path in _python() for node in _classes(path)]
    said, before = {ROOT}, 0
    while len(said) > before:
        before = len(said)
        said |= {node.name for _, node in classes if _descends(node, said)}
    for path, node in classes:
        sentence = ast.get_docstring(node)
        if node.name in said - {ROOT} and sentence and _descends(node, said):
            yield path, (None, " ".join(sentence.split()))


def _descends(node: ast.ClassDef, said: set[str]) -> bool:
    return bool(said & {_last(base) for base in node.bases})


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _last(base: ast.expr) -> str:
    return re.split(r"[.\[]", ast.unparse(base))[-1]


def _python() -> list[Path]:
    return sorted(path for app in APPS for path in (TREE / app).rglob("*.py"))


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=sys.modules[__name__].__doc__)
    parser.add_argument("--compile", action="store_true", help="write the .mo files")
    compile_all() if parser.parse_args().compile else make()


if __name__ == "__main__":
    main()
