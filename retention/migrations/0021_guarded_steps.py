"""What a disposal says about who agreed to it, and when, is written once."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0020_outcomes_at_once")]

    operations = [
        migrations.RunSQL(
            (_SQL / "steps_guarded.sql").read_text(encoding="utf-8"),
            (_SQL / "steps_guarded_undo.sql").read_text(encoding="utf-8"),
        )
    ]
