"""What tells a folder of copies from a copy of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0040_stops_wait")]

    operations = [
        migrations.AddField("keyringplace", "mark", models.TextField(default="")),
    ]
