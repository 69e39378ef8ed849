"""Whoever takes the pictures: signs people in, opens pages, walks along their links."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page, StorageState

from screenshots.demonstration import SCHOOL
from screenshots.gallery import PICTURES, SIZES, keep

SETTLING_MS: Final = 150
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


#: Not for a picture that is published, though they open nothing that lasts.
_SECRETS: Final = ".qr svg, .secret .code, .codes { filter: blur(6px) }"


def shape(path: str) -> str:
    """The kind of page at an address, as the name of a file: '/records/holds/3/' is
    'records-holds-one'."""
    path = re.sub(r"(?<=/policies/)\w+", "one", path)  # a page for each kind of record, all alike
    parts = [("one" if _ID.fullmatch(part) else part) for part in path.strip("/").split("/")]
    return "-".join(parts) or "chat"


def shape_of_route(route: str) -> str:
    """The same of a line of the URL table, '/records/holds/<int:number>/'."""
    return shape(re.sub(r"<[^>]+>", "0", route))


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
            bypass_csp=True,  # else the page refuses the style that hides what is secret
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

    def forget(self, person: str) -> None:
        """Their session ends: the next page of theirs signs in anew."""
        self._states.pop(person, None)

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
            keep(page.screenshot(style=_SECRETS), PICTURES / f"{name}.{size}-{scheme}.webp")
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
        found: dict[str, str] = {}
        with self.page_of(person, "desk") as page:
            waiting = [self._filled(page, start) for start in starts]
            seen = {shape(start.partition("?")[0]) for start in waiting}
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

    def _filled(self, page: Page, path: str) -> str:
        """With the id of the channel whose name stands in braces."""
        if "{" not in path:
            return path
        page.goto("/channels/")

        def id_of(found: re.Match[str]) -> str:
            link = page.locator("a[href$='/members/']", has_text=found[1])
            return (link.first.get_attribute("href") or "").strip("/").split("/")[1]

        return re.sub(r"{([^}]+)}", id_of, path)
