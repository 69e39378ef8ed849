"""What follows every migration, as the owner: grants, and the keyring's first generation."""

from pathlib import Path

from django.db import connection, transaction

from audit import keyring
from audit.clock import now
from audit.models import Generation

_GRANTS = Path(__file__).with_name("grants.sql")


def finish() -> None:
    """Apply the grants as a whole and name the keyring's newest generation."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_GRANTS.read_text())
    keyring.prepare()
    if not Generation.objects.exists():
        Generation.objects.create(number=keyring.ring().newest, made_at=now())
