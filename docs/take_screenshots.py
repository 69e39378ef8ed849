#!/usr/bin/env python
"""Takes a picture of every page: phone and desk, light and dark, into docs/images/pages/.

    .venv/bin/python docs/take_screenshots.py                         a demonstration of its own
    .venv/bin/python docs/take_screenshots.py --address http://127.0.0.1:8000 --password …
    .venv/bin/python docs/take_screenshots.py --only chat             those whose name begins so

A demonstration is started in a folder that is thrown away, unless one that runs is named. Each of
its people is signed in; from what they see first every link is followed, and of the pages of one
kind (holds, people, entries …) the first is taken. The conversation is opened in all its parts.
The pictures are WebP with few colours; README.md beside them is the gallery.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Error, Page, StorageState, ViewportSize, sync_playwright

TREE: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = TREE / "docs" / "images" / "pages"
CHROMIUM: Final = "/usr/bin/chromium"
SIZES: Final = {
    "desk": ViewportSize(width=1440, height=900),
    "phone": ViewportSize(width=390, height=844),
}
COLOURS: Final = 64
SETTLING_MS: Final = 150
SCHOOL: Final = "hazel-lane.example"
#: Who is signed in, and where their walk begins. The first who meets a kind of page shows it.
WALKS: Final = {
    "alice.whitcombe": ("/channels/", "/search/?q=register", "/accounts/profile/"),
    "dana.mistry": ("/safeguarding/",),
    "priya.raman": ("/records/", "/records/searches/"),
    "helen.adeyemi": ("/audit/", "/records/"),
    "gwen.llewellyn": ("/audit/",),
    "theo.brandt": ("/manage/", "/audit/"),
}
#: Leads out, saves a file, or says the same again.
_PASSED_OVER: Final = re.compile(
    r"logout|\.(csv|jsonl|pem|py|txt|tsr|tlog-proof|zip)$|/download/|/tile/|^/$|^/messages/files/"
)
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")

# Two frames after the colours were changed, and whatever fades has faded.
_PAINTED: Final = """async () => {
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
}"""


def shape(path: str) -> str:
    """The kind of page at an address, as the name of a file: '/records/holds/3/' is
    'records-holds-one'."""
    path = re.sub(r"(?<=/policies/)\w+", "one", path)  # a page for each kind of record, all alike
    parts = [("one" if _ID.fullmatch(part) else part) for part in path.strip("/").split("/")]
    return "-".join(parts) or "chat"


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """A product that was just filled: its address and the password of all."""
    data = tempfile.mkdtemp(prefix="schoolchat-pictures-")
    served = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--demo", "--port", "0"],
        cwd=TREE,
        env={**os.environ, "SCHOOLCHAT_DATA": data},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _told(served)
    finally:
        served.terminate()
        served.wait()
        shutil.rmtree(data)


def _told(served: subprocess.Popen[str]) -> tuple[str, str]:
    password = ""
    for line in served.stdout or ():
        if found := re.match(r"demo password: (\S+)", line):
            password = found[1]
        if found := re.match(r"ready (\S+)", line):
            return found[1].rstrip("/"), password
    raise SystemExit("The demonstration did not start.")


class Photographer:
    """One browser, one address, and the pictures that were taken."""

    def __init__(self, browser: Browser, address: str, password: str, only: str) -> None:
        self.browser, self.address, self.password = browser, address, password
        self.only = only
        self.taken: list[str] = []
        self._states: dict[str, StorageState] = {}

    @contextmanager
    def page_of(self, person: str, size: str) -> Iterator[Page]:
        """A window of somebody who is signed in; of nobody when there is no name."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport=SIZES[size],
            has_touch=size == "phone",
            is_mobile=size == "phone",
            locale="en-GB",
            reduced_motion="reduce",
            storage_state=self._states.get(person),
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        if person and person not in self._states:
            self._sign_in(page, person)
            self._states[person] = context.storage_state()
        yield page
        context.close()

    def _sign_in(self, page: Page, person: str) -> None:
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(f"{person}@{SCHOOL}")
        page.locator("[name=password]").fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile(r"^(?!.*/login/)"))

    def visit(self, page: Page, path: str) -> bool:
        """Open an address, with the password again where it is asked for; whether it is a page."""
        answer = page.goto(path)
        if "/reauthenticate/" in page.url and "/reauthenticate/" not in path:
            page.locator("[name=password]").fill(self.password)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(re.compile(r"^(?!.*/reauthenticate/)"))
        return answer is not None and answer.ok

    def shoot(self, page: Page, size: str, name: str) -> None:
        """As it stands, in light and in dark."""
        if not name.startswith(self.only):
            return
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(_PAINTED)
            page.wait_for_timeout(SETTLING_MS)
            _write(page.screenshot(), PICTURES / f"{name}.{size}-{scheme}.webp")
        if name not in self.taken:
            self.taken.append(name)

    def walk(self, person: str, starts: tuple[str, ...]) -> None:
        """Every kind of page to which links lead from these and nobody has shown yet."""
        found = self._found(person, starts)
        for size in SIZES:
            with self.page_of(person, size) as page:
                for name, path in found.items():
                    self.visit(page, path)
                    self.shoot(page, size, name)

    def _found(self, person: str, starts: tuple[str, ...]) -> dict[str, str]:
        prefixes = tuple({f"/{start.split('/')[1]}/" for start in starts})
        waiting, found = list(starts), {}
        seen = {shape(start.partition("?")[0]) for start in starts}
        with self.page_of(person, "desk") as page:
            while waiting:
                path = waiting.pop(0)
                name = shape(path.partition("?")[0])
                if not self.visit(page, path):
                    continue
                if name not in self.taken and name.startswith(self.only):
                    found[name] = path
                for link in page.eval_on_selector_all(
                    "a[href]", "all => all.map((a) => a.pathname)"
                ):
                    new = link.startswith(prefixes) and not _PASSED_OVER.search(link)
                    if new and shape(link) not in seen:
                        seen.add(shape(link))
                        waiting.append(link)
        return found


def _write(png: bytes, path: Path) -> None:
    """Few colours, no dithering: text stays sharp and the file small."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.convert("RGB").save(path, "WEBP", lossless=True, method=1)


# --- the conversation, in all its parts -----------------------------------------------------------


def _open(page: Page, size: str, name: str) -> None:
    page.locator("chat-app[data-live=true]").wait_for()
    if size == "phone" and page.locator("chat-app[data-screen=list]").count() == 0:
        page.get_by_role("button", name="Back to the channels").tap()
    page.locator("chat-rail").get_by_role("link", name=re.compile(rf"\b{name}\b")).first.click()
    page.locator("chat-log .message").first.wait_for()
    page.wait_for_timeout(SETTLING_MS)


def _row(page: Page) -> None:
    page.locator("chat-log .message:not([data-kind=system])").last.focus()


def _key(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


def _on_row(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        _row(page)
        _key(*keys)(page)

    return press


def _click(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _typed(words: str) -> Callable[[Page], None]:
    return lambda page: page.locator("#write").press_sequentially(words)


def _thread(page: Page) -> None:
    page.locator("chat-log .message__replies").last.click()


#: Name of the picture, and how the part is opened from a conversation.
PARTS: Final[dict[str, Callable[[Page], None]]] = {
    "chat": lambda _page: None,
    "chat-message-menu": _on_row("Enter"),
    "chat-channel-menu": _click("[aria-label='More about this conversation']"),
    "chat-account-menu": _click("chat-rail app-menu [data-opens]"),
    "chat-thread": _thread,
    "chat-readers": _click("[data-readers]"),
    "chat-pins": _click("chat-pins button"),
    "chat-emoji": _click("chat-composer emoji-button button"),
    "chat-mention": _typed("@"),
    "chat-forward": _on_row("f"),
    "chat-switcher": _key("Control+k"),
    "chat-date": _key("Control+g"),
    "chat-keys": _key("Control+/"),
}


def _enliven(photographer: Photographer) -> None:
    """Colleagues react, as they do."""
    for person, emoji in (("dana.mistry", "👍"), ("bob.ellison", "👍"), ("bob.ellison", "😂")):
        with photographer.page_of(person, "desk") as page:
            page.goto("/")
            _open(page, "desk", "Staffroom")
            row = page.locator("chat-log .message:not([data-kind=system])").nth(-3)
            row.hover()
            row.locator(f'.message__tools [data-react="{emoji}"]').click()
            row.locator(f'.reaction[data-react="{emoji}"][aria-pressed=true]').wait_for()


def _parts(photographer: Photographer, size: str) -> None:
    with photographer.page_of("alice.whitcombe", size) as page:
        page.goto("/")
        page.locator("chat-app[data-live=true]").wait_for()
        if size == "phone":
            photographer.shoot(page, size, "chat-list")
        for name, opens in PARTS.items():
            if not name.startswith(photographer.only):
                continue
            page.goto("/")
            _open(page, size, "Staffroom")
            try:
                if name == "chat-account-menu" and size == "phone":
                    page.get_by_role("button", name="Back to the channels").tap()
                if name == "chat-pins" and not page.locator("chat-pins button").is_visible():
                    _on_row("p")(page)
                opens(page)
                photographer.shoot(page, size, name)
                if name == "chat-mention":  # lest it be a draft in all that follow
                    page.locator("#write").fill("")
                    page.wait_for_timeout(1_500)
            except Error as error:
                sys.stderr.write(f"{name} on a {size}: {str(error).splitlines()[0]}\n")


def _doors(photographer: Photographer) -> None:
    for size in SIZES:
        with photographer.page_of("", size) as page:
            for path in ("/accounts/login/", "/accessibility/", "/nothing/"):
                page.goto(path)
                photographer.shoot(page, size, "not-found" if path == "/nothing/" else shape(path))


def _gallery() -> str:
    rows = []
    for name in sorted({path.name.partition(".")[0] for path in PICTURES.glob("*.webp")}):
        kinds = [f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")]
        there = [kind for kind in kinds if (PICTURES / f"{name}.{kind}.webp").exists()]
        cells = [f"[{kind}]({name}.{kind}.webp)" if kind in there else "–" for kind in kinds]
        rows.append(f"| {name.replace('-', ' ')} | {' | '.join(cells)} |")
    return "\n".join(
        [
            "# Every page\n",
            "Of the invented school, 1440 × 900 and 390 × 844, in light and dark colours.",
            "Written by `docs/take_screenshots.py`.\n",
            "| page | desk, light | desk, dark | phone, light | phone, dark |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def take(address: str, password: str, only: str) -> list[str]:
    """The pictures anew; the names of what was taken."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for path in PICTURES.glob(f"{only}*.webp"):
        path.unlink()
    with sync_playwright() as playwright:
        arguments = ["--lang=en-GB", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, env={**os.environ, "LANGUAGE": "en_GB"}
        )
        photographer = Photographer(browser, address, password, only)
        _doors(photographer)
        _enliven(photographer)
        for size in SIZES:
            _parts(photographer, size)
        for person, starts in WALKS.items():
            if not any(shape(start).startswith(only.partition("-")[0]) for start in starts):
                continue
            photographer.walk(person, starts)
        browser.close()
    (PICTURES / "README.md").write_text(_gallery())
    return photographer.taken


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--only", default="", help="the beginning of a picture's name")
    asked = parser.parse_args()
    if asked.address:
        taken = take(asked.address.rstrip("/"), asked.password, asked.only)
    else:
        with demonstration() as (address, password):
            taken = take(address, password, asked.only)
    size = sum(path.stat().st_size for path in PICTURES.iterdir())
    sys.stdout.write(f"{len(taken)} pages, {size / 1_000_000:.1f} MB\n")


if __name__ == "__main__":
    _main()
