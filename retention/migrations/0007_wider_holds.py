"""Holds on several channels and people and on days, with an owner beside who placed them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

_SQL = Path(__file__).resolve().parent.parent / "sql"

# Their references are checked at once: a table is not altered while such a check is outstanding.
_MOVE = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO retention_holdchannel (hold_id, channel_id)
SELECT number, channel_id FROM retention_hold WHERE channel_id IS NOT NULL;
INSERT INTO retention_holdperson (hold_id, person_id)
SELECT number, person_id FROM retention_hold WHERE person_id IS NOT NULL;
UPDATE retention_hold
SET by_channel = channel_id IS NOT NULL, by_person = person_id IS NOT NULL, owner_id = placed_by_id;
UPDATE retention_hold h
SET release_record = (
    SELECT (e.facts ->> 'record')::uuid FROM audit_entry e
    WHERE e.action = 'hold.released' AND e.subject = h.uid ORDER BY e.id LIMIT 1)
WHERE h.released_at IS NOT NULL;
SET CONSTRAINTS ALL DEFERRED;
"""


def _one_of(name: str, about: tuple[str, models.ForeignKey], related: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            (
                "hold",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name=related,
                    to="retention.hold",
                ),
            ),
            about,
        ],
        options={"default_permissions": ()},
    )


def _to(model: str, **more: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0006_certificates"),
        ("messaging", "0014_corrections"),
        ("audit", "0010_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("DROP VIEW retention_held", migrations.RunSQL.noop),
        migrations.RemoveConstraint("hold", "retention_hold_on_something"),
        _one_of("HoldChannel", ("channel", _to("messaging.channel")), "channels"),
        _one_of("HoldPerson", ("person", _to(settings.AUTH_USER_MODEL)), "people"),
        migrations.AddConstraint(
            "holdchannel",
            models.UniqueConstraint(fields=["hold", "channel"], name="retention_holdchannel_once"),
        ),
        migrations.AddConstraint(
            "holdperson",
            models.UniqueConstraint(fields=["hold", "person"], name="retention_holdperson_once"),
        ),
        migrations.AddField("hold", "by_channel", models.BooleanField(default=False)),
        migrations.AddField("hold", "by_person", models.BooleanField(default=False)),
        migrations.AddField("hold", "since", models.DateField(null=True)),
        migrations.AddField("hold", "until", models.DateField(null=True)),
        migrations.AddField("hold", "reminded_of", models.DateField(null=True)),
        migrations.AddField("hold", "release_record", models.UUIDField(null=True)),
        migrations.AddField("hold", "owner", _to(settings.AUTH_USER_MODEL, null=True)),
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        migrations.RemoveField("hold", "channel"),
        migrations.RemoveField("hold", "person"),
        migrations.AlterField("hold", "owner", _to(settings.AUTH_USER_MODEL)),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=Q(by_channel=True)
                | Q(by_person=True)
                | Q(since__isnull=False)
                | Q(until__isnull=False),
                name="retention_hold_on_something",
            ),
        ),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="retention_hold_period",
            ),
        ),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=~Q(kind="inquiry")
                | Q(released_at=None)
                | Q(released_by__isnull=False, release_record__isnull=False),
                name="retention_hold_inquiry",
            ),
        ),
        migrations.RunSQL(
            (_SQL / "held.sql").read_text(encoding="utf-8"),
            "DROP VIEW retention_held; DROP VIEW retention_openhold",
        ),
    ]
