"""Holds by words, which are matched month by month, and matters that hold by themselves."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import audit.clock

_SQL = Path(__file__).resolve().parent.parent / "sql"
_UNDO = """
DROP VIEW retention_held, retention_unmatched, retention_covered, retention_openhold;
DROP TRIGGER retention_matter_stops ON retention_mattermessage;
"""


def _id() -> tuple[str, models.BigAutoField]:
    return ("id", models.BigAutoField(primary_key=True, serialize=False))


def _of(to: str, related: str, **more: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0016_replays"),
        ("messaging", "0019_own_keys"),
        ("audit", "0018_matched_holds"),
    ]

    operations = [
        migrations.AddField("hold", "by_words", models.BooleanField(default=False)),
        migrations.AddField("hold", "matched_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("hold", "retention_hold_on_something"),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=Q(by_channel=True)
                | Q(by_person=True)
                | Q(by_words=True)
                | Q(since__isnull=False)
                | Q(until__isnull=False),
                name="retention_hold_on_something",
            ),
        ),
        migrations.CreateModel(
            name="HoldMark",
            fields=[
                _id(),
                ("hold", _of("retention.hold", "marks", db_index=False)),
                ("channel", _of("messaging.channel", "+")),
                ("month", models.DateField()),
                ("upto", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="HoldMatch",
            fields=[
                _id(),
                ("hold", _of("retention.hold", "matches", db_index=False)),
                ("message", models.UUIDField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("uid", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("concern", "Safeguarding concern")], max_length=12),
                ),
                ("begun_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="MatterMessage",
            fields=[
                _id(),
                ("matter", _of("retention.matter", "messages", db_index=False)),
                ("message", models.UUIDField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            "holdmark",
            models.UniqueConstraint(
                fields=["hold", "channel", "month"], name="retention_holdmark_once"
            ),
        ),
        migrations.AddConstraint(
            "holdmatch",
            models.UniqueConstraint(fields=["message", "hold"], name="retention_holdmatch_once"),
        ),
        migrations.AddConstraint(
            "mattermessage",
            models.UniqueConstraint(fields=["message", "matter"], name="retention_matter_once"),
        ),
        migrations.RunSQL(
            (_SQL / "held_matched.sql").read_text(encoding="utf-8"),
            _UNDO + (_SQL / "held.sql").read_text(encoding="utf-8"),
        ),
    ]
