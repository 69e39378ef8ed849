"""The search's indexes of months are packed when pending lists have left them too large."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "search" / "sql" / "pack.sql"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0015_texts_of_files")]

    operations = [
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"),
            "DROP FUNCTION search.pack_month(text, text, date)",
        )
    ]
