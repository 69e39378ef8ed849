"""The journal is told of the concerns that are open; of one that a restore knows from it alone
nobody knows who raised it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_OPEN = (Path(__file__).resolve().parent.parent / "sql" / "matters_known.sql").read_text(
    encoding="utf-8"
)


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0008_closed_concerns"),
        ("audit", "0021_known_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "concern",
            "raised_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(_OPEN, migrations.RunSQL.noop),
    ]
