"""Items are found by their entry through the constraint that begins with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0019_steps_of_disposals")]

    operations = [
        migrations.AlterField(
            "item",
            "entry",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="audit.entry",
            ),
        )
    ]
