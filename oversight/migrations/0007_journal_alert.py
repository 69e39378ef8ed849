"""The alert of the journal."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oversight', '0006_kept_searches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alert',
            name='oversight_alert_known',
        ),
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('mass_search', 'One person searched the record very often'), ('export_volume', 'One person asked for many exports, or took very much away'), ('failed_second_factor', 'Wrong codes were typed again and again for one account'), ('role_changed', 'Somebody was given a role with authority over others'), ('log_verification_failed', 'A check of the log found something wrong'), ('verification_missing', 'The nightly check of the log did not come to its end'), ('delivery_missing', 'A checkpoint has not reached somebody outside'), ('clock_wrong', 'The server’s clock cannot be relied on'), ('sealing_behind', 'Entries of the log are waiting to be sealed'), ('rolled_back', 'The database is older than the log that it once held'), ('log_restored', 'A restore of the database was declared'), ('journal_wrong', 'The journal outside the server is missing, behind or changed')], max_length=32),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mass_search', 'export_volume', 'failed_second_factor', 'role_changed', 'log_verification_failed', 'verification_missing', 'delivery_missing', 'clock_wrong', 'sealing_behind', 'rolled_back', 'log_restored', 'journal_wrong'])), name='oversight_alert_known'),
        ),
    ]
