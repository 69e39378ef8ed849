"""Folders of copies of the keyring, and that two people declare one to be lost."""

from pathlib import Path

import audit.clock
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "places.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0024_losses'),
        ('retention', '0037_left_out_unknown'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyringPlace',
            fields=[
                ('uid', models.UUIDField(primary_key=True, serialize=False)),
                ('folder', models.TextField(default='')),
                ('looked_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PlaceLoss',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=9)),
                ('record', models.UUIDField()),
                ('proposed_at', models.DateTimeField(default=audit.clock.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('lost_on', models.DateField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='retention.keyringplace')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='retention_placeloss_two_people'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('place',), name='retention_placeloss_one_waits')],
            },
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
