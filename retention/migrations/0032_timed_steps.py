"""The database asks how long owners may object, and how late an approval lapses."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0031_requests_hold")]

    operations = [
        migrations.RunSQL(
            (_SQL / "steps_timed.sql").read_text(encoding="utf-8"),
            (_SQL / "steps_timed_undo.sql").read_text(encoding="utf-8"),
        )
    ]
