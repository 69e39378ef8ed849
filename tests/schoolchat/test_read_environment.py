"""How the database's address is read from the environment."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from schoolchat.environment import database


def test_the_encryption_of_the_connection_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.school:6432/chat?sslmode=verify-full")
    found = database(tmp_path, "worker")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.school", "6432", "chat")
    assert found["OPTIONS"] == {"sslmode": "verify-full"}
    assert found["USER"] == "schoolchat_worker"


@pytest.mark.parametrize(
    "url", ["postgresql://root:secret@db/chat", "postgresql://db/chat?target_session_attrs=any"]
)
def test_what_would_be_ignored_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured):
        database(tmp_path, "web")
