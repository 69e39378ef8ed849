"""What an upheld objection takes out is counted without what is held."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"
#: PostgreSQL has a function checked by whoever may call it; grants.sql says whom after migrating.
_MAY_CALL = "GRANT EXECUTE ON FUNCTION retention_take_out TO CURRENT_USER;\n"


class Migration(migrations.Migration):
    dependencies = [("retention", "0033_undue")]

    operations = [
        migrations.RunSQL(
            _MAY_CALL + (_SQL / "taking_out.sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,  # the same to its callers
        ),
    ]
