"""A restore asks whether the classes of messages of their own are of messages that are there."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "hanging.sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0026_held_alone_beside")]

    operations = [
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), "DROP VIEW retention_hanging"),
    ]
