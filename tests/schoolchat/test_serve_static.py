"""Modules and stylesheets: joined, compressed, kept by browsers while they are the same."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from schoolchat.assets import files, modules, sheets
from schoolchat.assets.files import address, asset, import_map
from tests.cast import client_of

STATIC = Path(settings.BASE_DIR) / "static"
MODULES = sorted((STATIC / "js").rglob("*.js"))
JOINED = "/static/js/joined/chat.js"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_file_comes_in_the_best_form_that_is_accepted(accepted: str, coding: str) -> None:
    answer = Client().get("/static/css/schoolchat.css", headers={"accept-encoding": accepted})
    content = answer.content
    if coding:
        content = brotli.decompress(content) if coding == "br" else gzip.decompress(content)
    plain = asset("css/schoolchat.css")
    assert plain is not None
    assert content == plain.content
    assert answer.headers.get("Content-Encoding", "") == coding
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_browser_keeps_what_stands_at_an_address_with_its_version() -> None:
    kept = Client().get(address("js/theme.js"))
    assert kept["Cache-Control"] == "max-age=31536000, public, immutable"
    for other in ("/static/js/theme.js", "/static/js/theme.js?v=0123456789ab"):
        assert Client().get(other)["Cache-Control"] == "max-age=60, public"
    again = Client().get(address("js/theme.js"), headers={"if-none-match": kept["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_there_or_not_asked_for_properly_is_refused(alice: User) -> None:
    assert client_of(alice).get("/static/js/joined/other.js").status_code == 404
    assert client_of(alice).get("/static/../pyproject.toml").status_code == 404
    assert Client().post("/static/js/theme.js").status_code == 405
    assert asset("css") is None


def test_the_chat_is_compressed_and_kept_by_nobody(alice: User) -> None:
    page = client_of(alice).get("/", headers={"accept-encoding": "gzip, br"})
    assert "no-store" in page["Cache-Control"]
    assert page["Content-Encoding"] == "gzip"
    assert b'<script type="importmap"' in gzip.decompress(page.content)


def test_a_page_that_repeats_what_was_asked_for_is_not_compressed(alice: User) -> None:
    page = client_of(alice).get("/search/?q=guess", headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in page.headers


@pytest.mark.parametrize("page", sorted(files.JOINED))
def test_what_a_page_needs_at_once_comes_as_one(page: str) -> None:
    names = modules.needed(files.JOINED[page], files.source)
    text = modules.joined(names, files.source)
    assert {import_map(page)[name] for name in names} == {address(f"js/joined/{page}.js")}
    assert not re.search(r"^import ", text, re.MULTILINE)
    for name in names:
        for exported in re.findall(r"^export \w+ (\w+)", files.source(name), re.MULTILINE):
            assert f" as {exported} " in text or f" as {exported}," in text


def test_what_the_chat_wants_next_comes_as_one_and_has_nothing_twice() -> None:
    chat, after = address("js/joined/chat.js"), address("js/joined/chat-after.js")
    found = import_map("chat")
    assert {found[name] for name in files.AFTER["chat"]} == {after}
    assert found["lib/words"] == chat
    content = asset("js/joined/chat-after.js")
    assert content is not None
    text = content.content.decode()
    assert re.search(r'^import \* as o\d+ from "lib/words";', text, re.MULTILINE)
    assert "gettext(" in text
    assert "export { m0_gettext" not in text
    assert import_map("page")["elements/own"] == address("js/elements/own.js")


def test_every_module_is_found_by_its_name_on_every_page(alice: User) -> None:
    wanted = {
        name
        for path in MODULES
        for name in re.findall(r'(?:from |import |import\()"([\w/-]+)"', path.read_text())
    }
    for page in files.JOINED:
        assert wanted - import_map(page).keys() == set()
        assert all(Client().get(place).status_code == 200 for place in import_map(page).values())
    sent = client_of(alice).get("/").content.decode()
    found = re.search(r'<script type="importmap"[^>]*>(.*?)</script>', sent, re.DOTALL)
    assert found
    assert json.loads(found[1])["imports"] == import_map("chat")


def test_the_stylesheet_is_one_in_the_same_layers() -> None:
    sheet = asset("css/schoolchat.css")
    assert sheet is not None
    text = sheet.content.decode()
    assert "@import" not in text
    assert text.index("@layer tokens, elements") < text.index("@layer tokens {")
    written = (STATIC / "css" / "schoolchat.css").read_text()
    assert text.count("@layer ") == written.count("@import") + written.count("@layer ")
    assert sheets.joined('@import url("a.css") layer(x);', lambda name: f"/* {name} */b{{}}\n") == (
        "@layer x {\nb{}\n}"
    )


def _joined(**written: str) -> str:
    return modules.joined(
        modules.needed(list(written)[-1:], written.__getitem__), written.__getitem__
    )


def test_modules_are_joined_each_with_names_of_its_own() -> None:
    text = _joined(
        a="// A word.\nconst size = 1;\n\nexport class One {}\nexport const two = size;\n",
        b='import { One, two as second } from "a";\n/** Doc. */\n'
        'export async function go() {}\nimport("c");\n',
    )
    assert text == (
        "const m0 = (() => {\nconst size = 1;\n\nclass One {}\nconst two = size;\n"
        "return { One, two };\n})();\n"
        "const { One: m0_One, two: m0_two } = m0;\nexport { m0_One as One, m0_two as two };\n"
        "const m1 = (() => {\nconst { One, two: second } = m0;\nasync function go() {}\n"
        'import("c");\n'
        "return { go };\n})();\nconst { go: m1_go } = m1;\nexport { m1_go as go };\n"
    )


def test_what_is_elsewhere_is_imported_from_there() -> None:
    written = {"a": "export const x = 1;\n", "b": 'import { x as y } from "a";\ny();\n'}
    assert modules.joined(["b"], written.__getitem__, ["a"]) == (
        'import * as o0 from "a";\n'
        "const m0 = (() => {\nconst { x: y } = o0;\ny();\nreturn {  };\n})();\n"
    )


@pytest.mark.parametrize(
    "written",
    [
        {"a": 'import { x } from "b";\n', "b": 'import { y } from "a";\n'},
        {"a": "export default 1;\n"},
        {"a": 'import x from "b";\n'},
        {"b": "export const x = 1;\n", "a": 'import "b";\nexport const x = 2;\n'},
    ],
)
def test_what_cannot_be_joined_is_refused_rather_than_broken(written: dict[str, str]) -> None:
    with pytest.raises(modules.NotJoinable):
        _joined(**written)
