"""The search keeps which words of a text stand in a row, so that phrases of frequent words are
found without opening every text that holds both."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "search" / "sql" / "pairs.sql"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0017_search_analyser")]

    # Going back needs nothing: the column may stay empty.
    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
