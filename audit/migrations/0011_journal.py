"""The outbox of the journal."""

import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0010_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('at', models.DateTimeField()),
                ('act', models.CharField(max_length=24)),
                ('subject', models.UUIDField(null=True)),
                ('ends', models.UUIDField(null=True)),
                ('facts', models.JSONField(default=dict)),
                ('line', models.BigIntegerField(null=True, unique=True)),
                ('digest', models.BinaryField(max_length=32, null=True)),
                ('shipped_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'audit_journalline',
                'indexes': [models.Index(condition=models.Q(('line', None)), fields=['id'], name='audit_journalline_waiting'), models.Index(condition=models.Q(('ends__isnull', False)), fields=['ends'], name='audit_journalline_ends')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('digest', None), ('line', None), ('shipped_at', None)), models.Q(('digest__isnull', False), ('line__gt', 0), ('shipped_at__isnull', False)), _connector='OR'), name='audit_journalline_shipped')],
            },
        ),
    ]
