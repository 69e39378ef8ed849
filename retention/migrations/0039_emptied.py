"""When an objection took out all that was due of a disposal, so that it goes on with what is held."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0038_lost_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("disposal", "emptied_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "disposal",
            "emptied_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            (_SQL / "emptied.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    ]
