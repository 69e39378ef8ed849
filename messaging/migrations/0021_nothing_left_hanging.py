"""What hangs on a message is asked once a statement when messages go, and not of each of them.

Its versions keep their reference, with RESTRICT: for NO ACTION, which Django's references have,
PostgreSQL asks twice of each row that goes.
"""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "hanging.sql"
_VERSIONS = "messaging_messagever_message_id_7fefd010_fk_messaging"
_SAVED = "messaging_savedmessage_message"


def _versions_refer(rule: str) -> str:
    return (
        f"ALTER TABLE messaging_messageversion DROP CONSTRAINT {_VERSIONS},"
        f" ADD CONSTRAINT {_VERSIONS} FOREIGN KEY (message_id) REFERENCES messaging_message (id)"
        f" ON DELETE {rule} DEFERRABLE INITIALLY DEFERRED"
    )


def _refers(*, once: bool = False, **more: object) -> models.Field:
    field = models.OneToOneField if once else models.ForeignKey
    return field(
        db_constraint=False,
        on_delete=django.db.models.deletion.PROTECT,
        to="messaging.message",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0020_known_months")]

    operations = [
        migrations.AlterField("attachment", "message", _refers(db_index=False, related_name="attachments")),
        migrations.AlterField("correction", "message", _refers(db_index=False, related_name="corrections")),
        migrations.AlterField("mention", "message", _refers(related_name="mentions")),
        migrations.AlterField("pin", "message", _refers(once=True, related_name="pin")),
        migrations.AlterField("reaction", "message", _refers(db_index=False, related_name="reactions")),
        migrations.RunSQL(_versions_refer("RESTRICT"), _versions_refer("NO ACTION")),
        migrations.RunSQL(
            f"ALTER TABLE messaging_savedmessage DROP CONSTRAINT {_SAVED}",
            f"ALTER TABLE messaging_savedmessage ADD CONSTRAINT {_SAVED}"
            " FOREIGN KEY (message_id) REFERENCES messaging_message (id) ON DELETE CASCADE",
        ),
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"),
            [
                "DROP TRIGGER messaging_message_nothing_hangs ON messaging_message",
                "DROP FUNCTION messaging_nothing_hangs()",
                "DROP VIEW messaging_hanging",
                "DROP FUNCTION messaging_hangs() CASCADE",
            ],
        ),
    ]
