"""A hold by words holds what cannot be read; open ones look through everything once more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0022_read_whole"), ("retention", "0029_agreed_dates")]

    operations = [
        migrations.AddField(
            "holdmatch", "unread", models.BooleanField(default=False, db_default=False)
        ),
        # What they cover is held until they have.
        migrations.RunSQL("DELETE FROM retention_holdmark", migrations.RunSQL.noop),
    ]
