"""Entries that have no leaf yet stand in a queue, so that sealing never looks at the whole log."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "unsealed.sql"
_BACK = """
DROP TRIGGER audit_entry_queued ON audit_entry;
DROP FUNCTION audit_queue;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="unsealed",
                        serialize=False,
                        to="audit.entry",
                    ),
                ),
            ],
            options={"db_table": "audit_unsealed"},
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), _BACK),
    ]
