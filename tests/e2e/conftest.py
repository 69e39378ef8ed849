"""Real browsers on a real server.

Playwright's synchronous interface keeps an event loop running in the main thread. So its fixtures
end with this folder, lest they stand in the way of asynchronous tests in others; and Django, which
sees that loop, is told for so long that it may be called all the same.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, Playwright, sync_playwright

from accounts.models import User
from tests.e2e.screens import wrongly_marked
from tests.e2e.window import Window
from tests.server import Server, serving

PASSWORD = "copper kettle on the hob"
#: Two processes that every window begins, and draws the list under its address bar in. No test
#: looks there, and they take a second and more of a core a window.
_LIST_UNDER_THE_ADDRESS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
#: What Playwright 1.65 takes out itself: Chromium heeds the last such list alone.
_TAKEN_OUT_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)

Open = Callable[..., Window]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; without its sandbox, which does not start as root."""
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=[
            "--no-sandbox",
            "--disable-dev-shm-usage",
            f"--disable-features={','.join(_TAKEN_OUT_BY_PLAYWRIGHT + _LIST_UNDER_THE_ADDRESS)}",
            "--use-fake-device-for-media-stream",  # a microphone that hears a tone
            "--use-fake-ui-for-media-stream",  # and is allowed
        ],
    )
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def _close_connections() -> Iterator[None]:
    """What Django opens beside that loop is kept by the test's context, and ends with it."""
    yield
    connections.close_all()


@pytest.fixture
def server(browser: Browser, transactional_db: None) -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def open_window(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Open]:
    """`open_window(person)`: a window of that person's own browser, which must stay clean:
    no error on its console, no request to anywhere but the server."""
    windows: list[Window] = []

    def open_one(person: User | None = None, **options: object) -> Window:
        windows.append(Window(browser, server, reduced_motion="reduce", **options))
        if person is not None:
            windows[-1].carry_session_of(person)
        return windows[-1]

    yield open_one
    for window in windows:
        window.context.close()
    for window in windows:
        assert window.foreign == []
        assert window.complaints == []
    assert wrongly_marked(request.node, windows) == ""


@pytest.fixture
def with_password() -> Callable[[User], User]:
    """Give somebody of the cast the password PASSWORD."""

    def give(person: User) -> User:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        return person

    return give
