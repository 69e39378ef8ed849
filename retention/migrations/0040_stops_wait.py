"""Whoever ends a disposal, by whatever statement, waits for the chunk under way."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"
_UNDO = """
DROP TRIGGER retention_disposal_emptied ON retention_disposal;
DROP FUNCTION retention_disposal_emptied;
DROP TRIGGER retention_withdrawal_stops ON retention_disposal;
"""


class Migration(migrations.Migration):
    dependencies = [("retention", "0039_emptied")]

    operations = [
        migrations.RunSQL((_SQL / "stops_wait.sql").read_text(encoding="utf-8"), _UNDO),
    ]
