"""What becomes of a chunk's messages, with what is kept longer asked once."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


def _outcomes(name: str) -> str:
    """The last function of a file: what it needs stands before it, and is there already."""
    said = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    return said[said.index("CREATE OR REPLACE FUNCTION retention_outcomes(") :]


class Migration(migrations.Migration):
    dependencies = [("retention", "0024_certified")]

    operations = [
        migrations.RunSQL(_outcomes("outcomes_kept_once"), _outcomes("outcomes_beside")),
    ]
