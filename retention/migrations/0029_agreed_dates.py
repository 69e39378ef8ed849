"""A date by which something is due earlier counts when a second person has agreed to it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_leaving_set_by"),
        ("retention", "0028_lost_certificates"),
    ]

    operations = [
        migrations.AddField("channeldate", "agreed", models.DateField(null=True)),
        migrations.AddField(
            "channeldate",
            "agreed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "channeldate",
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("set_by")),
                name="retention_channeldate_two_people",
            ),
        ),
        migrations.RunSQL(
            (_SQL / "dates.sql").read_text(encoding="utf-8"),
            (_SQL / "dates_undo.sql").read_text(encoding="utf-8"),
        ),
    ]
