"""The search's pending lists are emptied by a job, and a month that stands opens at one look."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "search" / "sql" / "pending.sql"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_search")]

    # Going back needs nothing: the functions before these could do the same.
    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
