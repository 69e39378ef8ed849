"""What a page points out to whoever writes, and how often it did."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0008_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='NudgeCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('rule', models.CharField(max_length=20)),
                ('refused', models.BooleanField(default=False)),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='nudge_bank',
            field=models.CharField(choices=[('off', 'Say nothing'), ('nudge', 'Point it out to the writer'), ('block', 'Do not let it be sent')], default='nudge', max_length=8, verbose_name='Bank details or a card number'),
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='nudge_birth',
            field=models.CharField(choices=[('off', 'Say nothing'), ('nudge', 'Point it out to the writer'), ('block', 'Do not let it be sent')], default='nudge', max_length=8, verbose_name='A date of birth beside a name'),
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='nudge_nhs',
            field=models.CharField(choices=[('off', 'Say nothing'), ('nudge', 'Point it out to the writer'), ('block', 'Do not let it be sent')], default='nudge', max_length=8, verbose_name='An NHS number'),
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='nudge_phone',
            field=models.CharField(choices=[('off', 'Say nothing'), ('nudge', 'Point it out to the writer'), ('block', 'Do not let it be sent')], default='nudge', max_length=8, verbose_name='A phone number'),
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='nudge_safeguarding',
            field=models.CharField(choices=[('off', 'Say nothing'), ('nudge', 'Point it out to the writer'), ('block', 'Do not let it be sent')], default='nudge', max_length=8, verbose_name='A safeguarding word'),
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='nudge_upn',
            field=models.CharField(choices=[('off', 'Say nothing'), ('nudge', 'Point it out to the writer'), ('block', 'Do not let it be sent')], default='nudge', max_length=8, verbose_name="A pupil's UPN"),
        ),
        migrations.AddField(
            model_name='schoolsettings',
            name='safeguarding_route',
            field=models.CharField(blank=True, default='', max_length=120, verbose_name='What to do with a concern'),
        ),
        migrations.AddConstraint(
            model_name='schoolsettings',
            constraint=models.CheckConstraint(condition=models.Q(('nudge_upn__in', ['off', 'nudge', 'block'])), name='messaging_schoolsettings_upn'),
        ),
        migrations.AddConstraint(
            model_name='schoolsettings',
            constraint=models.CheckConstraint(condition=models.Q(('nudge_nhs__in', ['off', 'nudge', 'block'])), name='messaging_schoolsettings_nhs'),
        ),
        migrations.AddConstraint(
            model_name='schoolsettings',
            constraint=models.CheckConstraint(condition=models.Q(('nudge_birth__in', ['off', 'nudge', 'block'])), name='messaging_schoolsettings_birth'),
        ),
        migrations.AddConstraint(
            model_name='schoolsettings',
            constraint=models.CheckConstraint(condition=models.Q(('nudge_phone__in', ['off', 'nudge', 'block'])), name='messaging_schoolsettings_phone'),
        ),
        migrations.AddConstraint(
            model_name='schoolsettings',
            constraint=models.CheckConstraint(condition=models.Q(('nudge_bank__in', ['off', 'nudge', 'block'])), name='messaging_schoolsettings_bank'),
        ),
        migrations.AddConstraint(
            model_name='schoolsettings',
            constraint=models.CheckConstraint(condition=models.Q(('nudge_safeguarding__in', ['off', 'nudge', 'block'])), name='messaging_schoolsettings_safeguarding'),
        ),
    ]
