"""Reactions, pins, mentions, who may mention everybody, and the replies to a message at one look."""

import audit.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0004_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="mention_all",
            field=models.CharField(
                choices=[
                    ("owners", "Owners and moderators"),
                    ("members", "Every member"),
                    ("nobody", "Nobody"),
                ],
                default="owners",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(mention_all__in=["owners", "members", "nobody"]),
                name="messaging_channel_mention_all",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(reply_to__isnull=False),
                fields=["reply_to"],
                name="messaging_message_replies",
            ),
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("emoji", models.CharField(max_length=40)),
                ("reacted_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="messaging.message",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "person", "emoji"), name="messaging_reaction_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pinned_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.channel",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pin",
                        to="messaging.message",
                    ),
                ),
                (
                    "pinned_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["channel", "id"], name="messaging_pin_channel")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                (
                    "everybody",
                    models.CharField(
                        choices=[("here", "@here"), ("everyone", "@everyone")],
                        max_length=8,
                        null=True,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.channel",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="messaging.message",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["channel", "person", "seq"], name="messaging_mention_unread"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(person__isnull=False, everybody=None)
                        | models.Q(person=None, everybody__in=["here", "everyone"]),
                        name="messaging_mention_of_one_or_all",
                    )
                ],
            },
        ),
    ]
