"""An intention is ended once from now on; what has two ends already keeps both."""

from django.db import migrations, models

#: Whether 0023 could make it or not.
DROP = "DROP INDEX IF EXISTS audit_journalline_ended_once"
MARK = """
UPDATE audit_journalline l SET doubled = true
WHERE EXISTS (SELECT FROM audit_journalline f WHERE f.ends = l.ends AND f.id < l.id)
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0024_losses")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint("journalline", "audit_journalline_ended_once")
            ],
        ),
        migrations.AddField(
            "journalline", "doubled", models.BooleanField(default=False, db_default=False)
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="journalline",
            constraint=models.UniqueConstraint(
                fields=["ends"],
                condition=models.Q(ends__isnull=False, doubled=False),
                name="audit_journalline_one_end",
            ),
        ),
    ]
