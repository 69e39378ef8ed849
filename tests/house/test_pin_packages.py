"""The lists of packages can be installed: `pip` refuses one that pins a package twice."""

import re
from collections import Counter

import pytest

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
