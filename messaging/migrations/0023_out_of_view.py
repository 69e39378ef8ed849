"""The few messages that a disposal left, out of view, are found by an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0022_read_whole")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("out_of_view", True)),
                fields=["channel"],
                name="messaging_message_hidden",
            ),
        ),
    ]
