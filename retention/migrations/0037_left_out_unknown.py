"""How many messages an objection took out is not known where what is held was counted with them."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0036_subjects_of_holds")]

    operations = [
        migrations.AlterField("exclusion", "messages", models.IntegerField(null=True)),
        migrations.RunSQL(
            (_SQL / "left_out_unknown.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    ]
