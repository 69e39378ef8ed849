"""Disposals count the files that go with their messages."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0003_files")]

    operations = [
        migrations.AddField(
            model_name="disposalchunk", name="files", field=models.IntegerField(default=0)
        ),
        migrations.AddField(
            model_name="disposalchunk", name="file_bytes", field=models.BigIntegerField(default=0)
        ),
        migrations.RunSQL(
            (_SQL / "destroying_counted.sql").read_text(encoding="utf-8"),
            (_SQL / "destroying_files.sql").read_text(encoding="utf-8"),
        ),
    ]
