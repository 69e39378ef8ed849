"""An objection may leave nothing but what is held of a proposal, beside one that never had more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("retention", "0025_kept_once")]

    operations = [migrations.RemoveConstraint("disposal", "retention_disposal_one_open_held")]
