"""What keeps something for less long is asked for by one and approved by another."""

from pathlib import Path

import audit.clock
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


_SQL = Path(__file__).resolve().parent.parent / "sql" / "proposals.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0018_pairs'),
        ('retention', '0012_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClassProposal',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=9)),
                ('record_class', models.CharField(max_length=40)),
                ('record', models.UUIDField()),
                ('proposed_at', models.DateTimeField(default=audit.clock.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.channel')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='retention_classproposal_two_people'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('channel',), name='retention_classproposal_one_waits')],
            },
        ),
        migrations.CreateModel(
            name='RuleProposal',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=9)),
                ('record_class', models.CharField(max_length=40)),
                ('record', models.UUIDField()),
                ('proposed_at', models.DateTimeField(default=audit.clock.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('name', models.CharField(max_length=120)),
                ('trigger', models.CharField(choices=[('message', 'The day of sending'), ('academic_year', 'The end of the academic year, 31 August'), ('calendar_year', 'The end of the calendar year'), ('leaving', 'The day on which a person leaves'), ('closure', 'The day on which a case is closed, or its outcome'), ('set', 'A date that somebody sets')], max_length=14)),
                ('months', models.IntegerField(null=True)),
                ('days', models.IntegerField(null=True)),
                ('action', models.CharField(choices=[('dispose', 'Dispose of, once approved'), ('review', 'Keep until reviewed'), ('keep', 'Keep')], max_length=8)),
                ('authority', models.CharField(max_length=300)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='retention_ruleproposal_two_people'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('record_class',), name='retention_ruleproposal_one_waits')],
            },
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
