import audit.clock
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oversight', '0003_publication'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('kind', models.CharField(choices=[('mass_search', 'One person searched the record very often'), ('export_volume', 'One person asked for many exports, or for very much'), ('failed_second_factor', 'Wrong codes were typed again and again for one account'), ('role_changed', 'Somebody was given a role with authority over others'), ('log_verification_failed', 'A check of the log found something wrong'), ('delivery_missing', 'A checkpoint has not reached somebody outside'), ('clock_wrong', 'The server’s clock cannot be relied on'), ('sealing_behind', 'Entries of the log are waiting to be sealed'), ('rolled_back', 'The database is older than the log that it once held')], max_length=32)),
                ('about', models.UUIDField(null=True)),
                ('raised_at', models.DateTimeField(default=audit.clock.now)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['kind', 'about', '-raised_at'], name='oversight_alert_last')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('acknowledged_at', None)), fields=('kind', 'about'), name='oversight_alert_one_open', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('kind__in', ['mass_search', 'export_volume', 'failed_second_factor', 'role_changed', 'log_verification_failed', 'delivery_missing', 'clock_wrong', 'sealing_behind', 'rolled_back'])), name='oversight_alert_known'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at', None), ('acknowledged_by', None)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='oversight_alert_acknowledged')],
            },
        ),
    ]
