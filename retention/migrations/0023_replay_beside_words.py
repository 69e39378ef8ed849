"""A hold by words brings back in a restore only what matches them."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"
#: PostgreSQL has a function checked by whoever may call it, which is nobody; the end takes it back.
_MAY_CALL = "GRANT EXECUTE ON FUNCTION retention_replay TO CURRENT_USER;\n"


class Migration(migrations.Migration):
    dependencies = [("retention", "0022_beside_each_other")]

    operations = [
        migrations.RunSQL(
            _MAY_CALL + (_SQL / "replaying_words.sql").read_text(encoding="utf-8"),
            _MAY_CALL + (_SQL / "replaying.sql").read_text(encoding="utf-8"),
        )
    ]
