"""Of copies of the keyring it is known in which place they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0034_count_what_is_not_held")]

    operations = [
        migrations.CreateModel(
            "KeyringCopy",
            [
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField("copiesended", "place", models.UUIDField(null=True)),
    ]
