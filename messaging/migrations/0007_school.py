"""The settings of the school: what is shown of people."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0006_kept_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='SchoolSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('presence', models.CharField(choices=[('off', 'Off'), ('direct', 'In direct messages only'), ('on', 'Everywhere')], default='off', max_length=8, verbose_name='Who is online')),
                ('typing', models.CharField(choices=[('off', 'Off'), ('direct', 'In direct messages only'), ('on', 'Everywhere')], default='off', max_length=8, verbose_name='Who is writing')),
                ('receipts', models.CharField(choices=[('off', 'Off'), ('direct', 'In direct messages only'), ('on', 'Everywhere')], default='off', max_length=8, verbose_name='Who has read a message')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='messaging_schoolsettings_one_row'), models.CheckConstraint(condition=models.Q(('presence__in', ['off', 'direct', 'on'])), name='messaging_schoolsettings_presence'), models.CheckConstraint(condition=models.Q(('typing__in', ['off', 'direct', 'on'])), name='messaging_schoolsettings_typing'), models.CheckConstraint(condition=models.Q(('receipts__in', ['off', 'direct', 'on'])), name='messaging_schoolsettings_receipts')],
            },
        ),
    ]
