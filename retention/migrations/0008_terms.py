"""Rules count from a trigger, in months or days; a channel's own date, a message's own class."""

from pathlib import Path

import audit.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


_SQL = Path(__file__).resolve().parent.parent / "sql" / "due.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0018_pairs'),
        ('retention', '0007_wider_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelDate',
            fields=[
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='messaging.channel')),
                ('day', models.DateField(null=True)),
                ('set_at', models.DateTimeField(default=audit.clock.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MessageClass',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('record_class', models.CharField(max_length=40)),
                ('record', models.UUIDField()),
                ('set_at', models.DateTimeField(default=audit.clock.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RemoveConstraint(
            model_name='policy',
            name='retention_policy_months',
        ),
        migrations.AddField(
            model_name='policy',
            name='days',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='policy',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='policy',
            name='trigger',
            field=models.CharField(choices=[('message', 'The day of sending'), ('academic_year', 'The end of the academic year, 31 August'), ('calendar_year', 'The end of the calendar year'), ('leaving', 'The day on which a person leaves'), ('closure', 'The day on which a case is closed, or its outcome'), ('set', 'A date that somebody sets')], db_default='message', default='message', max_length=14),
        ),
        migrations.AlterField(
            model_name='policy',
            name='months',
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('days', None), ('months__gte', 1), ('months__isnull', False), ('months__lte', 1200)), models.Q(('days__gte', 1), ('days__isnull', False), ('days__lte', 3650), ('months', None)), _connector='OR'), name='retention_policy_period'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('trigger__in', ['message', 'academic_year', 'calendar_year', 'leaving', 'closure', 'set'])), name='retention_policy_trigger'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('action', 'dispose'), ('record_class__in', ('child_sexual_abuse', 'statutory_inquiry')), _negated=True), name='retention_policy_never_disposed'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='retention_policy_two_people'),
        ),
        migrations.AddField(
            model_name='channeldate',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='channeldate',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='messageclass',
            name='message',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='messaging.message'),
        ),
        migrations.AddField(
            model_name='messageclass',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='channeldate',
            constraint=models.CheckConstraint(condition=models.Q(('day', None), ('person', None), _connector='OR'), name='retention_channeldate_one'),
        ),
        migrations.RunSQL(
            "ALTER TABLE retention_messageclass ADD CONSTRAINT retention_messageclass_message"
            " FOREIGN KEY (message_id) REFERENCES messaging_message (id) ON DELETE CASCADE",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
