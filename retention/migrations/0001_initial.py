"""Policies with their presets, holds, disposals, exports, and the destroying function."""

from pathlib import Path

import audit.clock
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from retention.migrations._first_presets import PRESETS

_SQL = Path(__file__).resolve().parent.parent / "sql" / "destroying.sql"
_UNDO = """
DROP TRIGGER retention_disposal_begins ON retention_disposal;
DROP TRIGGER retention_export_begins ON retention_export;
DROP FUNCTION retention_begins_open;
DROP FUNCTION retention_destroy;
DROP FUNCTION retention_outcomes;
DROP FUNCTION retention_digest;
DROP FUNCTION retention_items_digest;
DROP FUNCTION retention_rule;
DROP VIEW retention_held;
"""


def load_presets(apps, schema_editor):
    policy = apps.get_model("retention", "Policy")
    for preset in PRESETS:
        policy.objects.create(
            record_class=preset.record_class,
            name=preset.name,
            months=preset.months,
            action=preset.action,
            authority=preset.authority,
        )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('messaging', '0002_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('state', models.CharField(choices=[('proposed', 'Waits for approval'), ('approved', 'Approved'), ('executing', 'Being carried out'), ('done', 'Done'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10)),
                ('record_class', models.CharField(max_length=40)),
                ('cut_off', models.DateField()),
                ('due', models.IntegerField()),
                ('held', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('proposed_at', models.DateTimeField(default=audit.clock.now)),
                ('approved_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('generation', models.IntegerField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('issued_at', models.DateTimeField(default=audit.clock.now)),
                ('document', models.JSONField()),
                ('signature', models.BinaryField(max_length=64)),
                ('sha256', models.CharField(max_length=64)),
                ('disposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='retention.disposal')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DisposalChunk',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('month', models.DateField()),
                ('digest', models.CharField(max_length=64)),
                ('done_at', models.DateTimeField(null=True)),
                ('position', models.BigIntegerField(null=True)),
                ('destroyed', models.IntegerField(default=0)),
                ('versions', models.IntegerField(default=0)),
                ('out_of_view', models.IntegerField(default=0)),
                ('spared', models.IntegerField(default=0)),
                ('keys', models.IntegerField(default=0)),
                ('reindexed_at', models.DateTimeField(null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.channel')),
                ('disposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='retention.disposal')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DisposalItem',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('message', models.UUIDField()),
                ('held', models.BooleanField()),
                ('outcome', models.CharField(choices=[('destroyed', 'Destroyed'), ('out_of_view', 'Held'), ('spared', 'Not due any more')], max_length=11, null=True)),
                ('chunk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='retention.disposalchunk')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('state', models.CharField(choices=[('requested', 'Waits for approval'), ('approved', 'Approved'), ('refused', 'Refused'), ('written', 'Written')], default='requested', max_length=9)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('purpose', models.CharField(choices=[('safeguarding', 'Safeguarding referral'), ('investigation', 'HR investigation'), ('tribunal', 'Tribunal or legal claim'), ('police', 'Police'), ('access', 'Subject access request'), ('complaint', 'Complaint'), ('archive', 'Archive')], max_length=13)),
                ('record', models.UUIDField()),
                ('passphrase', models.UUIDField()),
                ('passphrase_shown_at', models.DateTimeField(null=True)),
                ('requested_at', models.DateTimeField(default=audit.clock.now)),
                ('approved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(null=True)),
                ('messages', models.IntegerField(null=True)),
                ('manifest_sha256', models.CharField(blank=True, max_length=64)),
                ('bundle_sha256', models.CharField(blank=True, max_length=64)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.channel')),
                ('refused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ExportSubject',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subjects', to='retention.export')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('kind', models.CharField(choices=[('safeguarding', 'Safeguarding or an allegation'), ('litigation', 'Legal claim or tribunal'), ('police', 'Police'), ('inquiry', 'Statutory inquiry'), ('request', 'Subject access or freedom of information request'), ('complaint', 'Complaint or grievance')], max_length=12)),
                ('record', models.UUIDField()),
                ('placed_at', models.DateTimeField(default=audit.clock.now)),
                ('review_on', models.DateField()),
                ('released_at', models.DateTimeField(null=True)),
                ('channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.channel')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('record_class', models.CharField(max_length=40)),
                ('version', models.IntegerField(default=1)),
                ('name', models.CharField(max_length=120)),
                ('months', models.IntegerField()),
                ('action', models.CharField(choices=[('dispose', 'Dispose of, once approved'), ('review', 'Keep until reviewed'), ('keep', 'Keep')], max_length=8)),
                ('authority', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField(default=audit.clock.now)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='disposal',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='retention.policy'),
        ),
        migrations.AddConstraint(
            model_name='disposalchunk',
            constraint=models.UniqueConstraint(fields=('disposal', 'number'), name='retention_chunk_once'),
        ),
        migrations.AddIndex(
            model_name='disposalitem',
            index=models.Index(fields=['message'], name='retention_item_message'),
        ),
        migrations.AddConstraint(
            model_name='disposalitem',
            constraint=models.UniqueConstraint(fields=('chunk', 'message'), name='retention_item_once'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='retention_export_period'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('requested_by')), _negated=True), _connector='OR'), name='retention_export_two_people'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'refused']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='retention_export_approved'),
        ),
        migrations.AddConstraint(
            model_name='exportsubject',
            constraint=models.UniqueConstraint(fields=('export', 'person'), name='retention_subject_once'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('channel__isnull', False), ('person__isnull', False), _connector='OR'), name='retention_hold_on_something'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('released_by', None)), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='retention_hold_released'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('released_by', None), models.Q(('released_by', models.F('placed_by')), _negated=True), _connector='OR'), name='retention_hold_two_people'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(fields=('record_class', 'version'), name='retention_policy_once'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('months__gte', 1), ('months__lte', 1200)), name='retention_policy_months'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['dispose', 'review', 'keep'])), name='retention_policy_action'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('proposed_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='retention_disposal_two_people'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'withdrawn']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='retention_disposal_approved'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'executing'])), fields=('record_class',), name='retention_disposal_one_open'),
        ),
        migrations.CreateModel(
            name='Reclassing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('former', models.CharField(max_length=40)),
                ('record_class', models.CharField(max_length=40)),
                ('changed_at', models.DateTimeField(default=audit.clock.now)),
                ('reindexed_at', models.DateTimeField(null=True)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.channel')),
            ],
            options={'default_permissions': ()},
        ),
        migrations.RunPython(load_presets, migrations.RunPython.noop),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), reverse_sql=_UNDO),
    ]
