"""A way out that cannot be meant is found at the start."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from schoolchat.mail import mailers as read_mailers
from tests.oversight.outside import MailServer


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("MAIL_FROM", "", "oversight.E001"),
        ("CHECKPOINT_WEBHOOK", "http://trust.example/hook", "oversight.E002"),
        ("CHECKPOINT_WEBHOOK", "file:///etc/passwd", "oversight.E002"),
        ("TSA_URL", "ftp://time.example", "oversight.E003"),
    ],
)
def test_an_address_that_cannot_be_meant_stops_the_start(
    post: MailServer, settings: Settings, setting: str, value: str, code: str
) -> None:
    call_command("check", "--tag", "checkpoints")
    setattr(settings, setting, value)
    with pytest.raises(SystemCheckError, match=code):
        call_command("check", "--tag", "checkpoints")


def test_a_folder_that_is_not_there_is_only_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.rmdir()
    call_command("check", "--tag", "checkpoints")
    assert "oversight.W001" in capsys.readouterr().err


def test_without_a_mail_server_nothing_is_mailed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHOOLCHAT_SMTP_HOST", raising=False)
    assert read_mailers().keys() == {"default"}


@pytest.mark.parametrize(
    ("tls", "port"), [("starttls", 587), ("tls", 465), ("off", 25), ("TLS", 465)]
)
def test_the_port_follows_the_encryption(
    tls: str, port: int, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("SCHOOLCHAT_SMTP_HOST", "mail.school.example")
    monkeypatch.setenv("SCHOOLCHAT_SMTP_TLS", tls)
    settings.MAILERS = read_mailers()
    smtp: Any = mailers["smtp"]
    assert (smtp.host, smtp.port) == ("mail.school.example", port)
    assert (smtp.use_tls, smtp.use_ssl) == (tls == "starttls", tls.lower() == "tls")
    assert smtp.username is None


def test_user_and_password_are_used_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "password").write_text("copper kettle\n")
    monkeypatch.setenv("SCHOOLCHAT_SMTP_HOST", "mail.school.example")
    monkeypatch.setenv("SCHOOLCHAT_SMTP_PORT", "2525")
    monkeypatch.setenv("SCHOOLCHAT_SMTP_USER", "log")
    monkeypatch.setenv("SCHOOLCHAT_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    settings.MAILERS = read_mailers()
    smtp: Any = mailers["smtp"]
    assert (smtp.port, smtp.username, smtp.password) == (2525, "log", "copper kettle")


def test_another_encryption_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLCHAT_SMTP_HOST", "mail.school.example")
    monkeypatch.setenv("SCHOOLCHAT_SMTP_TLS", "yes")
    with pytest.raises(ImproperlyConfigured, match="starttls, tls or off"):
        read_mailers()
