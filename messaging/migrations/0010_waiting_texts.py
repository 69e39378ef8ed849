"""Texts that wait to be sent."""

import audit.clock
import django.db.models.deletion
import uuid
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_personal_key'),
        ('messaging', '0009_nudges'),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingText',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, primary_key=True, serialize=False)),
                ('ref', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('sealed', models.BinaryField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('changed_at', models.DateTimeField(default=audit.clock.now)),
                ('refused', models.CharField(blank=True, choices=[('not_a_member', 'You are no longer in this channel.'), ('archived', 'This channel is archived: nothing can be added to it.'), ('read_only', 'You may no longer write in this channel.'), ('no_question', 'The message that it answers is no longer there.'), ('too_late', 'SchoolChat was not running at that time. Send it now, or choose another time.'), ('otherwise', 'It could not be sent as it stands. Please change it.')], max_length=12)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='messaging.channel')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='accounts.personalkey')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
