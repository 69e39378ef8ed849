"""The months that have an index are known beside their keys, so that a lost key is noticed."""

import re
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_FOLDER = Path(__file__).resolve().parent.parent / "search" / "sql"
_SQL = (_FOLDER / "known.sql").read_text(encoding="utf-8")
#: The functions that are replaced, as they were.
_BEFORE = re.findall(
    r"^CREATE FUNCTION (search\.(?:retire_key|drop_month)\(.*?^\$\$;)",
    (_FOLDER / "months.sql").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
_BACK = "\n".join(
    [
        *(f"CREATE OR REPLACE FUNCTION {function}" for function in _BEFORE),
        "DROP TRIGGER messaging_indexkey_known ON messaging_indexkey;",
        "DROP FUNCTION search.know_month();",
    ]
)


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
        migrations.RunSQL(_SQL, _BACK),
    ]
