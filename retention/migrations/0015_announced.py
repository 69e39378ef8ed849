"""When a rule's channels were told of it. What is in force already is not announced."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0014_presets")]

    operations = [
        migrations.AddField("policy", "announced_at", models.DateTimeField(null=True)),
        migrations.AddField("reclassing", "announced_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "UPDATE retention_policy SET announced_at = created_at;"
            " UPDATE retention_reclassing SET announced_at = changed_at",
            migrations.RunSQL.noop,
        ),
    ]
