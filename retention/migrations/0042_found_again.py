"""A place that was declared lost stays found once a backup has looked into it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0041_marked_places")]

    operations = [
        migrations.AddField("placeloss", "found_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "UPDATE retention_placeloss l SET found_at = p.looked_at FROM retention_keyringplace p"
            " WHERE p.uid = l.place_id AND l.state = 'approved' AND p.looked_at >= l.decided_at",
            migrations.RunSQL.noop,
        ),
    ]
