"""Since when an upload is checked, by somebody who holds no lock meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0011_saved_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='checking_since',
            field=models.DateTimeField(null=True),
        ),
    ]
