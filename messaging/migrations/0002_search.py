"""Domains, index keys and vocabularies of the search, and the functions that keep its months."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from uuid_utils.compat import uuid7

_SQL = Path(__file__).resolve().parent.parent / "search" / "sql" / "months.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("messaging", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDomain",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, unique=True)),
                ("record_class", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=8)),
                ("channel", models.UUIDField(null=True)),
                ("versions", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["channel", "direct"])),
                        name="messaging_searchdomain_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid7, primary_key=True, serialize=False),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="messaging.searchdomain",
                    ),
                ),
                ("month", models.DateField()),
                (
                    "generation",
                    models.ForeignKey(
                        db_column="generation",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="audit.generation",
                    ),
                ),
                ("wrapped", models.BinaryField(max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("domain", "month"), name="messaging_indexkey_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid7, primary_key=True, serialize=False),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vocabularies",
                        to="messaging.indexkey",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"), reverse_sql="DROP SCHEMA search CASCADE"
        ),
    ]
