"""Subject access and freedom of information requests hold what they concern by themselves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0030_unread_documents")]

    operations = [
        migrations.AddField(
            "hold",
            "export",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hold",
                to="retention.export",
            ),
        ),
        migrations.AlterField(
            "export",
            "purpose",
            models.CharField(
                max_length=13,
                choices=[
                    ("safeguarding", "Safeguarding referral"),
                    ("investigation", "HR investigation"),
                    ("tribunal", "Tribunal or legal claim"),
                    ("police", "Police"),
                    ("access", "Subject access request"),
                    ("information", "Freedom of information request"),
                    ("complaint", "Complaint"),
                    ("archive", "Archive"),
                ],
            ),
        ),
    ]
