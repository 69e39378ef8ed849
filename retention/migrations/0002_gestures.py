"""What was done to a message without words is destroyed with it."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"
_NAME = "CREATE FUNCTION retention_destroy("


def _former() -> str:
    """The function as it was before: in the file of the first migration."""
    text = (_SQL / "destroying.sql").read_text(encoding="utf-8")
    body, end, _ = text[text.index(_NAME) :].partition("\n$$;\n")
    return (body + end).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("messaging", "0005_gestures")]

    operations = [
        migrations.RunSQL(
            (_SQL / "destroying_gestures.sql").read_text(encoding="utf-8"), _former()
        )
    ]
