"""What a restore carries out again, and the door for it."""

from pathlib import Path

from django.db import migrations, models

_SQL = (Path(__file__).resolve().parent.parent / "sql" / "replaying.sql").read_text()


class Migration(migrations.Migration):

    dependencies = [
        ('retention', '0015_announced'),
    ]

    operations = [
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('replay', 'Disposed of before the restore, and again by it'), ('unclear', 'Perhaps disposed of before the restore')], max_length=8)),
                ('line', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('batch', models.UUIDField()),
                ('number', models.BigIntegerField()),
                ('chunk', models.IntegerField()),
                ('record_class', models.CharField(max_length=40)),
                ('channel', models.UUIDField()),
                ('month', models.DateField()),
                ('digest', models.CharField(max_length=64)),
                ('due', models.JSONField()),
                ('held', models.JSONField()),
                ('out_of_view', models.JSONField(default=list)),
                ('spared', models.JSONField(default=list)),
                ('replayed_at', models.DateTimeField(null=True)),
                ('position', models.BigIntegerField(null=True)),
                ('destroyed', models.IntegerField(default=0)),
                ('versions', models.IntegerField(default=0)),
                ('left_view', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'retention_replay',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'replay'), ('replayed_at', None), _connector='OR'), name='retention_replay_known')],
            },
        ),
        migrations.RunSQL(_SQL, "DROP FUNCTION retention_replay(bigint)"),
    ]
