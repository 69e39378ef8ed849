"""Tokens go in the same call; the whole batch is asked at its first chunk and at its last."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0011_show_again"), ("messaging", "0019_own_keys")]

    operations = [
        migrations.RunSQL(
            (_SQL / "destroying_tokens.sql").read_text(encoding="utf-8"),
            (_SQL / "destroying_corrections.sql").read_text(encoding="utf-8"),
        )
    ]
