"""The append-only log, its tree, sealed records, and the generations of the keyring."""

from pathlib import Path

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

import audit.actions

_SQL = Path(__file__).resolve().parent.parent / "sql" / "append_only.sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("peaks", models.BinaryField()),
                ("signature", models.BinaryField(max_length=64)),
            ],
            options={
                "db_table": "audit_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_generation",
            },
        ),
        migrations.CreateModel(
            name="RingHolder",
            fields=[
                (
                    "machine",
                    models.CharField(max_length=100, primary_key=True, serialize=False),
                ),
                ("generation", models.IntegerField()),
                ("confirmed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_ringholder",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=40)),
                ("actor", models.UUIDField(null=True)),
                ("subject", models.UUIDField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "audit_entry",
                "permissions": [("view_log", "May read the audit log")],
                "indexes": [
                    models.Index(
                        fields=["subject", "action"], name="audit_entry_subject"
                    ),
                    models.Index(fields=["actor", "id"], name="audit_entry_actor"),
                    models.Index(fields=["action", "id"], name="audit_entry_action"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                [
                                    audit.actions.Action["PERSON_INVITED"],
                                    audit.actions.Action["PERSON_JOINED"],
                                    audit.actions.Action["PERSON_DEACTIVATED"],
                                    audit.actions.Action["PERSON_REACTIVATED"],
                                    audit.actions.Action["SIGNED_IN"],
                                    audit.actions.Action["SIGNED_OUT"],
                                    audit.actions.Action["PASSWORD_CHANGED"],
                                    audit.actions.Action["SECOND_FACTOR_ADDED"],
                                    audit.actions.Action["SECOND_FACTOR_REMOVED"],
                                    audit.actions.Action["ROLE_REQUESTED"],
                                    audit.actions.Action["ROLE_GRANTED"],
                                    audit.actions.Action["ROLE_REFUSED"],
                                    audit.actions.Action["ROLE_ENDED"],
                                    audit.actions.Action["TOKEN_CREATED"],
                                    audit.actions.Action["TOKEN_CONFIRMED"],
                                    audit.actions.Action["TOKEN_REVOKED"],
                                    audit.actions.Action["SETTING_CHANGED"],
                                    audit.actions.Action["SCHOOL_CREATED"],
                                    audit.actions.Action["CHANNEL_CREATED"],
                                    audit.actions.Action["CHANNEL_ARCHIVED"],
                                    audit.actions.Action["MEMBER_ADDED"],
                                    audit.actions.Action["MEMBER_LEFT"],
                                    audit.actions.Action["MEMBER_REMOVED"],
                                    audit.actions.Action["MEMBER_ROLE_CHANGED"],
                                    audit.actions.Action["MESSAGE_POSTED"],
                                    audit.actions.Action["MESSAGE_EDITED"],
                                    audit.actions.Action["MESSAGE_DELETED"],
                                    audit.actions.Action["MESSAGES_IMPORTED"],
                                    audit.actions.Action["MESSAGES_GENERATED"],
                                    audit.actions.Action["RECORD_SEARCHED"],
                                    audit.actions.Action["RECORD_SHOWN"],
                                    audit.actions.Action["MESSAGE_OPENED"],
                                    audit.actions.Action["LOG_VIEWED"],
                                    audit.actions.Action["CONCERN_RAISED"],
                                    audit.actions.Action["CONCERN_ACKNOWLEDGED"],
                                    audit.actions.Action["POLICY_CHANGED"],
                                    audit.actions.Action["CHANNEL_RECLASSED"],
                                    audit.actions.Action["HOLD_PLACED"],
                                    audit.actions.Action["HOLD_RELEASED"],
                                    audit.actions.Action["DISPOSAL_PROPOSED"],
                                    audit.actions.Action["DISPOSAL_APPROVED"],
                                    audit.actions.Action["DISPOSAL_WITHDRAWN"],
                                    audit.actions.Action["DISPOSAL_CHUNK_DONE"],
                                    audit.actions.Action["DISPOSAL_CERTIFIED"],
                                    audit.actions.Action["EXPORT_REQUESTED"],
                                    audit.actions.Action["EXPORT_APPROVED"],
                                    audit.actions.Action["EXPORT_REFUSED"],
                                    audit.actions.Action["EXPORT_WRITTEN"],
                                    audit.actions.Action["EXPORT_PASSPHRASE_SHOWN"],
                                    audit.actions.Action["KEYRING_MOVED"],
                                ],
                            )
                        ),
                        name="audit_entry_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaf",
                        to="audit.entry",
                    ),
                ),
            ],
            options={
                "db_table": "audit_leaf",
            },
        ),
        migrations.CreateModel(
            name="RecordKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_class", models.CharField(max_length=40)),
                ("month", models.DateField()),
                ("wrapped", models.BinaryField(max_length=40)),
                (
                    "generation",
                    models.ForeignKey(
                        db_column="generation",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="audit.generation",
                    ),
                ),
            ],
            options={
                "db_table": "audit_recordkey",
            },
        ),
        migrations.CreateModel(
            name="SealedRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_class", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="audit.recordkey",
                    ),
                ),
            ],
            options={
                "db_table": "audit_sealedrecord",
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("index", models.IntegerField()),
                ("subject", models.UUIDField()),
                ("version", models.IntegerField(default=1)),
                ("commitment", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="audit.entry",
                    ),
                ),
            ],
            options={
                "db_table": "audit_item",
                "indexes": [
                    models.Index(fields=["subject"], name="audit_item_subject")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "index"), name="audit_item_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="recordkey",
            constraint=models.UniqueConstraint(
                fields=("record_class", "month"), name="audit_recordkey_once"
            ),
        ),
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop
        ),
    ]
