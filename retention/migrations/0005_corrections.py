"""A destroyed message's corrections are destroyed with it."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0004_counted_files"), ("messaging", "0014_corrections")]

    operations = [
        migrations.RunSQL(
            (_SQL / "destroying_corrections.sql").read_text(encoding="utf-8"),
            (_SQL / "destroying_counted.sql").read_text(encoding="utf-8"),
        )
    ]
