"""Concerns are closed; until then each holds its message by itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

_OPEN = """
INSERT INTO retention_matter (uid, kind, begun_at)
SELECT c.uid, 'concern', c.raised_at FROM oversight_concern c;
INSERT INTO retention_mattermessage (matter_id, message)
SELECT c.uid, c.message FROM oversight_concern c;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0007_journal_alert"),
        ("retention", "0017_words_of_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "concern",
            "closed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("concern", "closed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "concern",
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None)
                | Q(
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                    acknowledged_at__isnull=False,
                ),
                name="oversight_concern_closed",
            ),
        ),
        migrations.RunSQL(_OPEN, migrations.RunSQL.noop),
    ]
