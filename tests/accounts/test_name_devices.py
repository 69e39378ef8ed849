"""The page of devices names browsers as their owners do."""

import pytest

from accounts.templatetags.devices import device_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{WINDOWS}Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge on Windows"),
        (f"{WINDOWS}Chrome/131.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{PHONE}Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox on Linux",
        ),
        ("curl/8.14.1", "curl/8.14.1"),
        ("", "Unknown"),
    ],
)
def test_a_browser_is_named_with_its_machine(agent: str, name: str) -> None:
    assert device_name(agent) == name
