import audit.clock
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oversight', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('scope', models.CharField(choices=[('nightly', 'Every entry, and a share of the messages'), ('whole', 'Every entry and every message')], max_length=7)),
                ('asked_at', models.DateTimeField(default=audit.clock.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('heard_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('step', models.CharField(blank=True, choices=[('', 'Beginning'), ('log', 'Reading every entry of the log and the tree over them'), ('content', 'Holding messages against what the log says of them')], max_length=7)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
                ('size', models.BigIntegerField(null=True)),
                ('entries', models.BigIntegerField(null=True)),
                ('versions', models.BigIntegerField(null=True)),
                ('problems', models.IntegerField(null=True)),
                ('findings_record', models.UUIDField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['asked_at'], name='oversight_verification_asked')],
                'constraints': [models.CheckConstraint(condition=models.Q(('scope__in', ['nightly', 'whole'])), name='oversight_verification_scope'), models.CheckConstraint(condition=models.Q(('step__in', ['', 'log', 'content'])), name='oversight_verification_step'), models.CheckConstraint(condition=models.Q(('problems', None), ('finished_at__isnull', False), _connector='OR'), name='oversight_verification_finished'), models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('scope',), name='oversight_verification_one_open')],
            },
        ),
    ]
