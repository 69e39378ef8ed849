"""What a certificate says more: bytes and days, and when the copies of the keyring have ended."""

from pathlib import Path

from django.db import migrations, models

import audit.clock

_SQL = Path(__file__).resolve().parent.parent / "sql"
#: PostgreSQL has a function checked by whoever may call it; grants.sql says whom after migrating.
_MAY_CALL = "GRANT EXECUTE ON FUNCTION retention_destroy TO CURRENT_USER;\n"


class Migration(migrations.Migration):
    dependencies = [("retention", "0023_replay_beside_words")]

    operations = [
        migrations.AddField("disposalchunk", "bytes", models.BigIntegerField(default=0)),
        migrations.AddField("disposalchunk", "first_day", models.DateField(null=True)),
        migrations.AddField("disposalchunk", "last_day", models.DateField(null=True)),
        migrations.RunSQL(
            _MAY_CALL + (_SQL / "destroying_measured.sql").read_text(encoding="utf-8"),
            _MAY_CALL + (_SQL / "destroying_beside.sql").read_text(encoding="utf-8"),
        ),
        migrations.CreateModel(
            "CopiesEnded",
            [
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("before", models.DateTimeField()),
                ("at", models.DateTimeField(default=audit.clock.now)),
            ],
            options={"default_permissions": ()},
        ),
    ]
