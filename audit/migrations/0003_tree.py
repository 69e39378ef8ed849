"""The tree in tiles, heads as signed notes, a log's origin, and the acts upon the log itself."""

from pathlib import Path

import audit.actions
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "tiles.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_unsealed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('number', models.IntegerField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('first_leaf', models.BigIntegerField()),
                ('started_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'audit_origin',
            },
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('origin', models.IntegerField()),
                ('level', models.SmallIntegerField()),
                ('index', models.BigIntegerField()),
                ('hashes', models.BinaryField(max_length=8192)),
                ('root', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'audit_tile',
            },
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='audit_entry_known',
        ),
        migrations.RemoveField(
            model_name='checkpoint',
            name='peaks',
        ),
        migrations.AddField(
            model_name='checkpoint',
            name='form',
            field=models.SmallIntegerField(db_default=1),
        ),
        migrations.AddField(
            model_name='checkpoint',
            name='origin',
            field=models.IntegerField(db_default=1),
        ),
        migrations.AlterField(
            model_name='checkpoint',
            name='size',
            field=models.BigIntegerField(),
        ),
        migrations.AddConstraint(
            model_name='checkpoint',
            constraint=models.UniqueConstraint(fields=('origin', 'size'), name='audit_checkpoint_once'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', [audit.actions.Action['PERSON_INVITED'], audit.actions.Action['PERSON_JOINED'], audit.actions.Action['PERSON_DEACTIVATED'], audit.actions.Action['PERSON_REACTIVATED'], audit.actions.Action['SIGNED_IN'], audit.actions.Action['SIGNED_OUT'], audit.actions.Action['PASSWORD_CHANGED'], audit.actions.Action['SECOND_FACTOR_ADDED'], audit.actions.Action['SECOND_FACTOR_REMOVED'], audit.actions.Action['ROLE_REQUESTED'], audit.actions.Action['ROLE_GRANTED'], audit.actions.Action['ROLE_REFUSED'], audit.actions.Action['ROLE_ENDED'], audit.actions.Action['TOKEN_CREATED'], audit.actions.Action['TOKEN_CONFIRMED'], audit.actions.Action['TOKEN_REVOKED'], audit.actions.Action['SETTING_CHANGED'], audit.actions.Action['SCHOOL_CREATED'], audit.actions.Action['CHANNEL_CREATED'], audit.actions.Action['CHANNEL_ARCHIVED'], audit.actions.Action['MEMBER_ADDED'], audit.actions.Action['MEMBER_LEFT'], audit.actions.Action['MEMBER_REMOVED'], audit.actions.Action['MEMBER_ROLE_CHANGED'], audit.actions.Action['MESSAGE_POSTED'], audit.actions.Action['MESSAGE_EDITED'], audit.actions.Action['MESSAGE_DELETED'], audit.actions.Action['MESSAGES_IMPORTED'], audit.actions.Action['MESSAGES_GENERATED'], audit.actions.Action['RECORD_SEARCHED'], audit.actions.Action['RECORD_SHOWN'], audit.actions.Action['MESSAGE_OPENED'], audit.actions.Action['LOG_VIEWED'], audit.actions.Action['CONCERN_RAISED'], audit.actions.Action['CONCERN_ACKNOWLEDGED'], audit.actions.Action['POLICY_CHANGED'], audit.actions.Action['CHANNEL_RECLASSED'], audit.actions.Action['HOLD_PLACED'], audit.actions.Action['HOLD_RELEASED'], audit.actions.Action['DISPOSAL_PROPOSED'], audit.actions.Action['DISPOSAL_APPROVED'], audit.actions.Action['DISPOSAL_WITHDRAWN'], audit.actions.Action['DISPOSAL_CHUNK_DONE'], audit.actions.Action['DISPOSAL_CERTIFIED'], audit.actions.Action['EXPORT_REQUESTED'], audit.actions.Action['EXPORT_APPROVED'], audit.actions.Action['EXPORT_REFUSED'], audit.actions.Action['EXPORT_WRITTEN'], audit.actions.Action['EXPORT_PASSPHRASE_SHOWN'], audit.actions.Action['KEYRING_MOVED'], audit.actions.Action['LOG_DOWNLOADED'], audit.actions.Action['LOG_VERIFIED'], audit.actions.Action['LOG_RESTORED'], audit.actions.Action['PROOF_DOWNLOADED'], audit.actions.Action['CHECKPOINT_PUBLISHED'], audit.actions.Action['CHECKPOINT_DELIVERED'], audit.actions.Action['RECIPIENT_ADDED'], audit.actions.Action['RECIPIENT_REMOVED'], audit.actions.Action['ALERT_RAISED'], audit.actions.Action['ALERT_ACKNOWLEDGED'], audit.actions.Action['CLOCK_CHECKED'], audit.actions.Action['CLOCK_STEPPED']])), name='audit_entry_known'),
        ),
        migrations.AddConstraint(
            model_name='tile',
            constraint=models.UniqueConstraint(fields=('origin', 'level', 'index'), name='audit_tile_once'),
        ),
        migrations.RemoveIndex(
            model_name='entry',
            name='audit_entry_action',
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(
                condition=models.Q(('action', audit.actions.Action['MESSAGE_POSTED']), _negated=True),
                fields=['action', 'id'],
                name='audit_entry_rare_action',
            ),
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
