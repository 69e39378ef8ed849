"""What translators are given is what the sources say."""

import re
import runpy
from collections import Counter

import pytest
from django.conf import settings
from django.utils.translation import override

from messaging.exceptions import ChannelNotFound

TREE = settings.BASE_DIR
SCRIPT = runpy.run_path(str(TREE / "docs" / "make_catalogue.py"))
MADE = SCRIPT["catalogues"]()
#: Calls, with the dot and the word before them that tell other functions of the name.
_CALL = re.compile(r"(?<![\w.])(?:gettext|ngettext|pgettext|gettext_noop)\(\s*[\"'`]")


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_catalogue_is_as_the_sources_are(name: str) -> None:
    """If not: python docs/make_catalogue.py."""
    assert (TREE / "locale" / name).read_text() == MADE[name]


def test_no_sentence_of_the_pages_code_escapes_the_extractor() -> None:
    """Babel reads no JavaScript newer than itself: what it stumbles over it would leave out."""
    sources = sorted((TREE / "static" / "js").rglob("*.js"))
    calls = Counter({path: len(_CALL.findall(path.read_text())) for path in sources})
    found = Counter(path for path, _ in SCRIPT["_in_javascript"]())
    assert [path.name for path in sources if calls[path] != found[path]] == []


def test_no_sentence_is_put_together_from_a_variable() -> None:
    """`_(f"…")` and template literals with holes reach no catalogue."""
    python = [path for app in SCRIPT["APPS"] for path in (TREE / app).rglob("*.py")]
    pages = (TREE / "static" / "js").rglob("*.js")
    wrong = re.compile(r"\b(?:_|n?gettext(?:_lazy)?)\(\s*(?:f[\"']|`[^`]*\$\{)")
    assert [path.name for path in (*python, *pages) if wrong.search(path.read_text())] == []


def test_an_error_says_its_docstring_in_one_line_and_in_english_unless_told_otherwise() -> None:
    with override("en-gb"):
        assert str(ChannelNotFound()) == "There is no such channel, or you are not in it."
    assert "There is no such channel, or you are not in it." in MADE["django.pot"]
