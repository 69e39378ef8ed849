"""Whom a request concerned whose hold a restore placed again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Holds that were placed again before the journal said whom they concern.
_UNKNOWN = """
UPDATE retention_hold h SET subjects_unknown = true
WHERE h.kind = 'request' AND h.export_id IS NULL AND EXISTS (
    SELECT FROM audit_entry e
    WHERE e.subject = h.uid AND e.action = 'hold.replayed' AND e.facts ->> 'kind' = 'hold.placed')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0035_places_of_copies"),
        ("audit", "0023_ended_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "hold", "subjects_unknown", models.BooleanField(default=False, db_default=False)
        ),
        migrations.CreateModel(
            "HoldSubject",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to="retention.hold",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hold", "person"), name="retention_holdsubject_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(_UNKNOWN, migrations.RunSQL.noop),
    ]
