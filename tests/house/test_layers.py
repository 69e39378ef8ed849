"""A new app has to choose its floor: import-linter checks only those that have one."""

import tomllib
from pathlib import Path

from django.conf import settings

TREE = Path(settings.BASE_DIR)


def test_every_app_of_ours_stands_on_a_floor() -> None:
    linter = tomllib.loads((TREE / "pyproject.toml").read_text())["tool"]["importlinter"]
    ours = {file.parent.name for file in TREE.glob("*/apps.py")}
    of_apps, *_ = linter["contracts"]
    assert ours == set(linter["root_packages"]) == set(of_apps["layers"])
    assert ours <= set(settings.INSTALLED_APPS)
