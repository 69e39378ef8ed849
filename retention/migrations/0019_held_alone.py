"""A disposal of nothing but what is held stands in no other's way."""

from django.db import migrations, models
from django.db.models import Q

_OPEN = ["proposed", "approved", "executing"]


class Migration(migrations.Migration):
    dependencies = [("retention", "0018_steps")]

    operations = [
        migrations.RemoveConstraint("disposal", "retention_disposal_one_open"),
        migrations.AddConstraint(
            "disposal",
            models.UniqueConstraint(
                fields=["record_class"],
                condition=Q(state__in=_OPEN, due__gt=0),
                name="retention_disposal_one_open",
            ),
        ),
        migrations.AddConstraint(
            "disposal",
            models.UniqueConstraint(
                fields=["record_class"],
                condition=Q(state__in=_OPEN, due=0),
                name="retention_disposal_one_open_held",
            ),
        ),
    ]
