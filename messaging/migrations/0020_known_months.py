"""The months that have an index are known beside their keys, so that a lost key is noticed."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "search" / "sql" / "known.sql"
_BACK = """
DROP TRIGGER messaging_indexkey_known ON messaging_indexkey;
DROP FUNCTION search.know_month();
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0019_own_keys")]

    operations = [
        migrations.CreateModel(
            name="IndexedMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "domain",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                (
                    "domain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.searchdomain",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), _BACK),
    ]
