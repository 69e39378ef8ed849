"""What is neither held nor due any more comes back into the conversation."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "show_again.sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0010_guards")]

    operations = [
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"), "DROP FUNCTION retention_show_again()"
        )
    ]
