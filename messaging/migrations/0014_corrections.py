"""Corrections of messages."""

import audit.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0013_files_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('sealed', models.BinaryField()),
                ('reason', models.CharField(choices=[('own', 'The author puts their own words right'), ('request', 'Somebody asked for it (Article 16)'), ('found', 'The school found it itself')], max_length=8)),
                ('written_at', models.DateTimeField(default=audit.clock.now)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.contentkey')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='messaging.message')),
                ('written_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'number'), name='messaging_correction_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('reason__in', ['own', 'request', 'found'])), name='messaging_correction_reason')],
            },
        ),
    ]
