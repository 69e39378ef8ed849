#!/usr/bin/env python
"""Writes static/vendor/tus/ and static/vendor/photoswipe/ anew from the npm packages named below.

    python docs/vendor_modules.py

Wants `npm`, which checks what it downloads; the digests below say that it is the same as ever.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TO: Final = Path(__file__).resolve().parent.parent / "static" / "vendor"


@dataclass(frozen=True, kw_only=True)
class Package:
    """What is taken of a package: files by their names in it, under the names they get here."""

    name: str
    version: str
    sha256: str
    folder: str
    files: dict[str, str]


PACKAGES: Final = (
    Package(
        name="tus-js-client",
        version="4.3.1",
        sha256="919f46808b2c689be9214df5c0f21879bee4a4599b34e212ada8f14de1db9bc0",
        folder="tus",
        files={"dist/tus.min.js": "tus.js"},
    ),
    Package(
        name="photoswipe",
        version="5.4.4",
        sha256="4615d56b1f4f8e40f70c9f433a97803e5131d7166285b467ff63d26e42ef397b",
        folder="photoswipe",
        files={
            "dist/photoswipe.esm.min.js": "photoswipe.js",
            "dist/photoswipe.css": "photoswipe.css",
        },
    ),
)
#: tus comes as a script for the old kind of modules; in between these lines it is one of the new.
BEFORE: Final = "const module = { exports: {} }, exports = module.exports;\n"
AFTER: Final = "\nexport const { Upload } = module.exports;\n"


def vendor(package: Package) -> None:
    """Download, check, and write the files and their licence."""
    with tempfile.TemporaryDirectory() as folder:
        packed = _packed(Path(folder), package)
        if (digest := hashlib.sha256(packed.read_bytes()).hexdigest()) != package.sha256:
            sys.exit(f"{package.name} {package.version} is not what it was: SHA-256 {digest}.")
        with tarfile.open(packed) as archive:
            to = TO / package.folder
            to.mkdir(parents=True, exist_ok=True)
            for inside, here in {**package.files, "LICENSE": "LICENSE"}.items():
                (to / here).write_text(_text(archive, inside, package), encoding="utf-8")


def _packed(folder: Path, package: Package) -> Path:
    wanted = f"{package.name}@{package.version}"
    subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True)
    (packed,) = folder.glob("*.tgz")
    return packed


def _text(archive: tarfile.TarFile, name: str, package: Package) -> str:
    found = archive.extractfile(f"package/{name}")
    if found is None:
        sys.exit(f"{package.name} {package.version} has no {name}.")
    # The maps that these lines name are not here, and browsers would ask for them.
    lines = found.read().decode().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL")) + "\n"
    head = f"/* {package.name} {package.version} */\n" if name.endswith((".js", ".css")) else ""
    return head + (BEFORE + text + AFTER if name == "dist/tus.min.js" else text)


if __name__ == "__main__":
    for each in PACKAGES:
        vendor(each)
