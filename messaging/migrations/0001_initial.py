"""Channels, memberships, messages with their versions, and content keys."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import audit.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("private", "Private"),
                            ("announcement", "Announcements"),
                            ("direct", "Direct messages"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                ("purpose", models.CharField(blank=True, max_length=250)),
                ("record_class", models.CharField(default="routine", max_length=40)),
                ("sensitive", models.BooleanField(default=False)),
                ("head", models.BigIntegerField(default=0)),
                ("floor", models.BigIntegerField(default=0)),
                (
                    "members_key",
                    models.CharField(max_length=64, null=True, unique=True),
                ),
                ("created_at", models.DateTimeField(default=audit.clock.now)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "permissions": [
                    ("manage_channel", "May change a channel and its members"),
                    ("post_in_channel", "May post in an announcement channel"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "direct"), ("members_key__isnull", False)
                            ),
                            models.Q(
                                models.Q(("kind", "direct"), _negated=True),
                                ("members_key", None),
                            ),
                            _connector="OR",
                        ),
                        name="messaging_channel_direct_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "direct"),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="messaging_channel_named",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("archived_at", None),
                            ("kind__in", ["open", "announcement"]),
                        ),
                        fields=("name",),
                        name="messaging_channel_name_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("current", models.BooleanField(default=True)),
                ("wrapped", models.BinaryField(max_length=40)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.channel",
                    ),
                ),
                (
                    "generation",
                    models.ForeignKey(
                        db_column="generation",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="audit.generation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source", models.CharField(default="whatsapp", max_length=20)),
                ("sha256", models.BinaryField(max_length=32)),
                ('operator', models.CharField(blank=True, max_length=64)),
                ("imported_at", models.DateTimeField(default=audit.clock.now)),
                ("count", models.IntegerField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="messaging.channel",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("moderator", "Moderator"),
                            ("member", "Member"),
                            ("guest", "Guest"),
                        ],
                        default="member",
                        max_length=10,
                    ),
                ),
                ("read_seq", models.BigIntegerField(default=0)),
                ("muted", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(default=audit.clock.now)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="messaging.channel",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("changed", models.BigIntegerField()),
                ("ref", models.UUIDField(null=True)),
                ("sent_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("system", "System"),
                            ("imported", "Imported"),
                        ],
                        default="text",
                        max_length=8,
                    ),
                ),
                ("reply_to", models.UUIDField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("edited_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                ("out_of_view", models.BooleanField(default=False)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="messaging.channel",
                    ),
                ),
                (
                    "imported_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="messaging.import",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MessageVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField(default=1)),
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.contentkey",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="messaging.message",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChannelSubject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to="messaging.channel",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "person"), name="messaging_subject_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="contentkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)),
                fields=("channel", "month"),
                name="messaging_contentkey_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                fields=("channel", "sha256"), name="messaging_import_once"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                fields=["person", "channel"], name="messaging_member_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("channel", "person"), name="messaging_member_once"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["channel", "changed"], name="messaging_message_changed"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["channel", "sent_at", "id"], name="messaging_message_page"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["author", "sent_at"], name="messaging_message_author"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("imported_from__isnull", False)),
                fields=["imported_from"],
                name="messaging_message_import",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("channel", "seq"), name="messaging_message_seq"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("author", "channel", "ref"), name="messaging_message_ref"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("author__isnull", False),
                        ("kind", "text"),
                        ("ref__isnull", False),
                    ),
                    models.Q(("kind", "system"), ("ref", None)),
                    models.Q(
                        ("author", None),
                        ("imported_from__isnull", False),
                        ("kind", "imported"),
                        ("ref", None),
                    ),
                    _connector="OR",
                ),
                name="messaging_message_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="messageversion",
            constraint=models.UniqueConstraint(
                fields=("message", "number"), name="messaging_version_once"
            ),
        ),
    ]
