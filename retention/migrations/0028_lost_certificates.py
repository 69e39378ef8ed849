"""Certificates that were issued after the backup that was restored."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

_SQL = Path(__file__).resolve().parent.parent / "sql" / "signed.sql"


class Migration(migrations.Migration):
    dependencies = [("retention", "0027_classes_hang")]

    operations = [
        migrations.CreateModel(
            name="LostCertificate",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("batch", models.UUIDField()),
                ("issued_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("document", models.JSONField(null=True)),
                ("signature", models.BinaryField(max_length=64, null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(document__isnull=True, signature__isnull=True)
                        | Q(document__isnull=False, signature__isnull=False),
                        name="retention_lostcertificate_signed",
                    )
                ],
            },
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), "DROP VIEW retention_signed"),
    ]
