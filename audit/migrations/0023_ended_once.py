"""An intention of the journal is ended once, whoever comes to its end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0022_agreed_dates")]

    operations = [
        migrations.RemoveIndex("journalline", "audit_journalline_ends"),
        migrations.AddConstraint(
            model_name="journalline",
            constraint=models.UniqueConstraint(
                fields=["ends"],
                condition=models.Q(ends__isnull=False),
                name="audit_journalline_ended_once",
            ),
        ),
    ]
