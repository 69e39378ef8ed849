"""Markdown is rendered on the server, and markup is rendered harmless."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging import rendering
from messaging.rendering import parse_markdown, render_markdown, render_plain

MARKS = "ab1Z.,;:!?'\"()[]{}<>/\\@%&+=-_*`~#$^| \n\t\r\x00é\u00a0\u2028\u200d😀’–£"
#: What a text is made of that looks like ordinary words, and what turns it into something else.
PIECES = (
    *["a", "Year", "5", "12:30", "é", "😀", "’", "£3", "'s", '"', "(", ")", "x@y.uk", "http://a.b"],
    *[" ", "  ", "\n", "\n\n", "\n\n\n", "\t", "\u00a0", " \n", "\n ", "    ", "\r\n", "\u2028"],
    *["1.", "1)", "10. ", "-", "- ", "+ ", "* ", "*", "**", "_", "~~", "`", "```", "#", "# ", "> "],
    *["=", "==", "---", "|", "|-|", ":-", "&", "&amp;", "<b>", "<", "\\", "[a](b)", "[a]: b", "!["],
    *[
        ".",
        ",",
        ";",
        ":",
        "!",
        "?",
        "/",
        "%",
        "$",
        "…",
        "•",
        "²",
        "٣.",
        "\ufeff",
        "\x85",
        "\x1f",
        "́",
    ],
)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("~~no~~", "<p><s>no</s></p>"),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
    ],
)
@pytest.mark.shows("markdown")
def test_markdown_becomes_a_small_set_of_tags(source: str, html: str) -> None:
    assert render_markdown(source) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/p.png)",
        "<a href='data:text/html,x' style='color:red'>x</a>",
        "<iframe src='https://elsewhere.example'></iframe>",
    ],
)
@pytest.mark.shows("markdown")
def test_markup_is_rendered_harmless(hostile: str) -> None:
    html = render_markdown(hostile)
    for tag in ("<script", "<img", "<iframe", 'href="javascript:', 'href="data:', 'style="'):
        assert tag not in html


def test_imported_text_is_no_markdown() -> None:
    assert render_plain("2*3*4\n<b>") == "<p>2*3*4<br>&lt;b&gt;</p>"


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@example("1986. A great year")
@example("Year 5\n1) x")
@example("_soft_ words")
@example("say __it__")
def test_what_needs_no_parser_is_rendered_as_the_parser_would(source: str) -> None:
    assert render_markdown(source) == parse_markdown(source)


@given(st.text(MARKS, max_size=12) | st.text(max_size=12))
def test_no_character_is_taken_for_a_plain_one(source: str) -> None:
    assert render_markdown(source) == parse_markdown(source)


def test_every_plain_character_of_unicode_stands_for_itself() -> None:
    plain = [c for c in map(chr, range(0x20, 0x110000)) if render_is_quick(f"a{c}b")]
    assert len(plain) > 100_000
    source = f"a{''.join(plain)}b"
    assert render_markdown(source) == parse_markdown(source) == f"<p>{source}</p>"


def render_is_quick(source: str) -> bool:
    return "_" not in source and rendering._PLAIN.fullmatch(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "Could somebody cover the Year 5 lunch duty on Thursday, please?",
        "(Thanks!) It's 5-a-side: £3.50 each, 100% yes… 👍 https://www.gov.uk/a?b=1",
        "Hi all,\n12:30 in the hall – bring Noël’s list.\n\nSarah",
    ],
)
def test_ordinary_words_need_no_parser(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse_markdown(source)
    monkeypatch.setattr(rendering, "parse_markdown", None)
    assert render_markdown(source) == expected
