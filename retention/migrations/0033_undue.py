"""What is neither held nor due is one view, so that it can be looked for without the lock under
which it comes back into the conversation."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"
_BEFORE = (
    (_SQL / "show_again.sql")
    .read_text(encoding="utf-8")
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0032_timed_steps"),
        ("messaging", "0023_out_of_view"),
    ]

    operations = [
        migrations.RunSQL(
            (_SQL / "undue.sql").read_text(encoding="utf-8"),
            [_BEFORE, "DROP VIEW retention_undue"],
        )
    ]
