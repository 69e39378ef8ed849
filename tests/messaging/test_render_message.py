"""Markdown is rendered on the server, and markup is rendered harmless."""

import pytest

from messaging.rendering import render_markdown, render_plain


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
def test_markup_is_rendered_harmless(hostile: str) -> None:
    html = render_markdown(hostile)
    for tag in ("<script", "<img", "<iframe", 'href="javascript:', 'href="data:', 'style="'):
        assert tag not in html


def test_imported_text_is_no_markdown() -> None:
    assert render_plain("2*3*4\n<b>") == "<p>2*3*4<br>&lt;b&gt;</p>"
