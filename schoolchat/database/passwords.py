"""The passwords of the embedded server's roles: one file each, mode 600, made on first use."""

import secrets
from pathlib import Path
from typing import Final

from schoolchat.database.folders import make_folder, write_private

SUPERUSER: Final = "superuser"


def password_file(data_dir: Path, role: str) -> Path:
    """The file that holds the password of `role`: owner, web, … or superuser."""
    return data_dir / "keys" / "database" / f"{role}.password"


def kept_password(data_dir: Path, role: str) -> str:
    """The password of `role`, made now if there is none yet."""
    file = password_file(data_dir, role)
    if not file.exists():
        make_folder(data_dir / "keys", mode=0o700)
        make_folder(file.parent, mode=0o700)
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text().strip()
