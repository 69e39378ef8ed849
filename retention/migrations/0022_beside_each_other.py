"""Chunks of different channels are destroyed beside each other, and with less to do for each message.

What stands in the list of a disposal is marked once each: pages with room take the mark where the row
is, without a word to the indexes.
"""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"
_CLASS = "retention_messageclass_message"


def _said(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0021_nothing_left_hanging"),
        ("retention", "0021_guarded_steps"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE retention_messageclass DROP CONSTRAINT {_CLASS}",
            f"ALTER TABLE retention_messageclass ADD CONSTRAINT {_CLASS}"
            " FOREIGN KEY (message_id) REFERENCES messaging_message (id) ON DELETE CASCADE",
        ),
        migrations.RunSQL(
            _said("classes_hang"),
            [
                "DROP TRIGGER retention_message_classes_go ON messaging_message",
                "DROP FUNCTION retention_classes_go()",
                "DROP TRIGGER retention_messageclass_hangs ON retention_messageclass",
            ],
        ),
        migrations.AlterField(
            "disposalitem",
            "chunk",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="retention.disposalchunk",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE retention_disposalitem SET (fillfactor = 45)",
            "ALTER TABLE retention_disposalitem RESET (fillfactor)",
        ),
        migrations.RunSQL(
            _said("outcomes_beside"),
            [_said("outcomes_at_once"), "DROP FUNCTION retention_may_be_held(bigint)"],
        ),
        migrations.RunSQL(_said("destroying_beside"), _said("destroying_tokens")),
    ]
