"""Searches that are kept at hand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0005_more_alerts")]

    operations = [
        migrations.AddField(
            model_name="searchrecord",
            name="kept",
            field=models.BooleanField(default=False),
        ),
    ]
