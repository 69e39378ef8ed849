"""Personal keys, for what people keep for themselves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_failedcode'),
        ('audit', '0005_gestures'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonalKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrapped', models.BinaryField(max_length=40)),
                ('generation', models.ForeignKey(db_column='generation', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='audit.generation')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
