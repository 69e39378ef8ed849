"""What holds for a chunk as a whole is asked once a chunk, and not of each of its messages."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0019_held_alone")]

    operations = [
        migrations.RunSQL(
            (_SQL / "outcomes_at_once.sql").read_text(encoding="utf-8"),
            (_SQL / "outcomes_stopped.sql").read_text(encoding="utf-8"),
        )
    ]
