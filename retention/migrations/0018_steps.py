"""The steps of a disposal between its proposal and its end."""

from pathlib import Path

import audit.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"

# Where the function of before begins.
_WHAT = "-- What would become of each message"


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0018_pairs'),
        ('retention', "0017_words_of_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('safeguarding', 'Safeguarding'), ('hr', 'Personnel')], max_length=12)),
                ('at', models.DateTimeField(default=audit.clock.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('review', 'They are to be reviewed'), ('unknown', 'The date from which they are kept is not known'), ('reclassed', 'They are kept longer, as another kind of record'), ('objection', 'An owner has objected')], max_length=9)),
                ('messages', models.IntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('record', models.UUIDField()),
                ('wanted_class', models.CharField(blank=True, default='', max_length=40)),
                ('decided_at', models.DateTimeField(null=True)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.UUIDField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RecordsSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('object_days', models.PositiveSmallIntegerField(default=10, verbose_name='School days in which owners may object')),
                ('cool_days', models.PositiveSmallIntegerField(default=14, verbose_name='Days between the approval and the disposal')),
                ('expire_days', models.PositiveSmallIntegerField(default=30, verbose_name='Days after which an approval lapses')),
                ('closed', models.TextField(blank=True, default='', verbose_name='Days on which the school is closed')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RemoveConstraint(
            model_name='disposal',
            name='retention_disposal_two_people',
        ),
        migrations.RemoveConstraint(
            model_name='disposal',
            name='retention_disposal_approved',
        ),
        migrations.AddField(
            model_name='disposal',
            name='bytes',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='disposal',
            name='cool_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='disposal',
            name='expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='disposal',
            name='first_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='disposal',
            name='last_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='disposal',
            name='object_before',
            field=models.DateTimeField(default=audit.clock.now),
        ),
        migrations.AddField(
            model_name='disposal',
            name='put_forward_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='disposal',
            name='state',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('executing', 'Being carried out'), ('done', 'Done'), ('withdrawn', 'Withdrawn'), ('stopped', 'Stopped by the data protection officer'), ('expired', 'Lapsed')], default='proposed', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('cool_until', None), ('proposed_by', None)), models.Q(('proposed_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='retention_disposal_two_people'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'withdrawn', 'stopped']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='retention_disposal_approved'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cool_until', None), ('expires_at', None)), models.Q(('cool_until__gte', models.F('approved_at')), ('expires_at__gt', models.F('cool_until'))), _connector='OR'), name='retention_disposal_cools'),
        ),
        migrations.AddField(
            model_name='clearance',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='clearance',
            name='disposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='retention.disposal'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='disposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusions', to='retention.disposal'),
        ),
        migrations.AddField(
            model_name='objection',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='channel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.channel'),
        ),
        migrations.AddField(
            model_name='objection',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='disposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='retention.disposal'),
        ),
        migrations.AddConstraint(
            model_name='recordssettings',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='retention_recordssettings_one_row'),
        ),
        migrations.AddConstraint(
            model_name='recordssettings',
            constraint=models.CheckConstraint(condition=models.Q(('cool_days__lte', 90), ('expire_days__lte', 180), ('object_days__lte', 60)), name='retention_recordssettings_longest'),
        ),
        migrations.AddConstraint(
            model_name='recordssettings',
            constraint=models.CheckConstraint(condition=models.Q(('expire_days__gt', models.F('cool_days'))), name='retention_recordssettings_time_to_act'),
        ),
        migrations.AddConstraint(
            model_name='clearance',
            constraint=models.UniqueConstraint(fields=('disposal', 'part'), name='retention_clearance_once'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.UniqueConstraint(fields=('disposal', 'channel'), name='retention_objection_once'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', None), ('decided_at', None), ('decided_by', None), ('upheld', None)), models.Q(('answer__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), ('upheld__isnull', False)), _connector='OR'), name='retention_objection_decided'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='retention_objection_two_people'),
        ),
        migrations.RunSQL(
            (_SQL / "steps.sql").read_text(encoding="utf-8"),
            (_SQL / "steps_undo.sql").read_text(encoding="utf-8"),
        ),
        migrations.RunSQL(
            (_SQL / "outcomes_stopped.sql").read_text(encoding="utf-8"),
            _WHAT + (_SQL / "due.sql").read_text(encoding="utf-8").partition(_WHAT)[2],
        ),
    ]
