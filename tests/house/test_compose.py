"""docker-compose.yml and the pieces of it in the how-to pages hold together, without an engine."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from django.conf import settings

TREE: Final = Path(settings.BASE_DIR)
HOW_TO: Final = TREE / "docs" / "how-to"
_WITH_DEFAULT: Final = re.compile(r"^\$\{(\w+):-(.*)\}$")


def _read(text: str) -> dict[str, Any]:
    """Without the word by which Compose lets an override take a mapping's place."""
    read: dict[str, Any] = yaml.safe_load(text.replace(" !override", ""))
    return read


@pytest.fixture
def compose() -> dict[str, Any]:
    return _read((TREE / "docker-compose.yml").read_text())


def _pieces() -> list[tuple[str, str]]:
    fenced = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
    return [
        (page.name, piece)
        for page in sorted(HOW_TO.glob("*.md"))
        for piece in fenced.findall(page.read_text())
        if piece.startswith("services:")
    ]


def _documented(name: str, page: str) -> bool:
    """The passwords of the roles are told by their endings."""
    name = name.removesuffix("_FILE")
    prefix, password, role = name.rpartition("PASSWORD_")
    return f"`{name}`" in page or (bool(password) and f"…_{role}`" in page and prefix in page)


def _names(mounts: list[str]) -> list[str]:
    return [mount.partition(":")[0] for mount in mounts]


def test_what_its_services_name_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert set(service.get("secrets", [])) <= compose["secrets"].keys()
        assert set(service.get("depends_on", {})) <= services.keys()
        assert set(_names(service.get("volumes", []))) <= compose["volumes"].keys()
        files = [v for n, v in service.get("environment", {}).items() if n.endswith("_FILE")]
        assert {Path(file).name for file in files} <= set(service.get("secrets", []))


def test_every_setting_of_it_is_documented(compose: dict[str, Any]) -> None:
    known = (TREE / "docs" / "reference" / "settings.md").read_text()
    pieces = [_read(piece) for _, piece in _pieces()]
    apps = [one["services"].get("app", {}) for one in (compose, *pieces)]
    names = {name for app in apps for name in app.get("environment", {})}
    assert "SCHOOLCHAT_LOGO" in names
    assert {name for name in names if not _documented(name, known)} == set()


def test_the_product_asks_the_scanner_of_it(compose: dict[str, Any]) -> None:
    asked = _WITH_DEFAULT.match(compose["services"]["app"]["environment"]["SCHOOLCHAT_SCANNER"])
    assert asked is not None
    assert asked[2] == "tcp://scanner:3310"
    scanner = compose["services"]["scanner"]
    assert "ports" not in scanner
    assert scanner["healthcheck"]["test"] == ["CMD", "clamdcheck.sh"]
    assert compose["services"]["app"]["depends_on"]["scanner"] == {"condition": "service_started"}


@pytest.mark.parametrize(("page", "piece"), _pieces())
def test_what_the_pages_add_to_it_fits(page: str, piece: str, compose: dict[str, Any]) -> None:
    for name, service in _read(piece)["services"].items():
        assert name in compose["services"], page
        assert set(service.get("depends_on", {})) <= compose["services"].keys()
    # A mounted file is the one that the setting names.
    app = _read(piece)["services"].get("app", {})
    if "SCHOOLCHAT_LOGO" in app.get("environment", {}):
        (mount,) = app["volumes"]
        assert mount.split(":")[1:] == [app["environment"]["SCHOOLCHAT_LOGO"], "ro"]
