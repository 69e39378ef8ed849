"""What stops a disposal stops it by whatever statement, and a hold does not give itself away."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "guards.sql"
_UNDO = """
DROP TRIGGER retention_message_leaves ON messaging_message;
DROP TRIGGER retention_class_stops ON messaging_channel;
DROP TRIGGER retention_holdperson_stops ON retention_holdperson;
DROP TRIGGER retention_holdchannel_stops ON retention_holdchannel;
DROP TRIGGER retention_hold_stops ON retention_hold;
DROP FUNCTION retention_forget_ref(), retention_stop_destroying();
"""


class Migration(migrations.Migration):
    dependencies = [("retention", "0009_export_ends"), ("messaging", "0019_own_keys")]

    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), _UNDO)]
