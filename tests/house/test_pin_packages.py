"""The lists of packages can be installed: `pip` refuses one that pins a package twice."""

import re
from collections import Counter
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.features import TREE

_PIN = re.compile(r"^([\w.-]+)==[^\s;]+( ; [^\\]*)?", re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_package_is_pinned_once(name: str) -> None:
    pinned = Counter(_PIN.findall((TREE / name).read_text()))

    assert pinned
    assert [package for (package, _when), times in pinned.items() if times > 1] == []


def test_what_developers_install_has_all_that_the_product_has() -> None:
    product, development = (
        set(re.findall(r"^[\w.-]+==[^\s;]+", (TREE / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert product - development == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_pinned_fits_together(name: str) -> None:
    """What each package wants of another is what the list pins; else nothing can be installed."""
    lines = (TREE / name).read_text()
    pinned = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lines, re.MULTILINE))
    wrong = [
        f"{package} wants {wanted}, and {pinned[canonicalize_name(wanted.name)]} is pinned"
        for package in pinned
        for wanted in map(Requirement, _wanted_by(package))
        if (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
        and canonicalize_name(wanted.name) in pinned
        and not wanted.specifier.contains(pinned[canonicalize_name(wanted.name)], prereleases=True)
    ]
    assert wrong == []


def _wanted_by(package: str) -> list[str]:
    try:
        return requires(package) or []
    except PackageNotFoundError:  # for another system
        return []
