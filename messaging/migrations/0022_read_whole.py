"""Whether all that stands in a document was read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0021_nothing_left_hanging")]

    operations = [
        migrations.AddField("file", "read_whole", models.BooleanField(null=True)),
        migrations.AddField("upload", "read_whole", models.BooleanField(null=True)),
    ]
