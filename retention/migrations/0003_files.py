"""That a destroyed message refers to files is destroyed with it."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0002_gestures"), ("messaging", "0008_files")]

    operations = [
        migrations.RunSQL(
            (_SQL / "destroying_files.sql").read_text(encoding="utf-8"),
            (_SQL / "destroying_gestures.sql").read_text(encoding="utf-8"),
        )
    ]
