"""Which version of the product runs: read from pyproject.toml, the one place where it stands."""

import tomllib
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parent.parent / "pyproject.toml"

#: As 'MAJOR.MINOR.PATCH'.
VERSION: Final[str] = tomllib.loads(_PROJECT.read_text())["project"]["version"]
