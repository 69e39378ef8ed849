"""Drafts, kept for the people who write them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_personal_key'),
        ('messaging', '0005_gestures'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptDraft',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(default=b'')),
                ('changed_at', models.DateTimeField(db_index=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='messaging.channel')),
                ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='accounts.personalkey')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('key', 'channel'), name='messaging_keptdraft_once')],
            },
        ),
    ]
