"""An intention of the journal is ended once, whoever comes to its end.

Where an earlier version has ended one twice, the index cannot be: 0025 makes another one."""

from django.db import migrations, models

ONCE = """
DO $$
BEGIN
    CREATE UNIQUE INDEX audit_journalline_ended_once ON audit_journalline (ends)
    WHERE ends IS NOT NULL;
EXCEPTION WHEN unique_violation THEN
    NULL;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0022_agreed_dates")]

    operations = [
        migrations.RemoveIndex("journalline", "audit_journalline_ends"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ONCE, "DROP INDEX IF EXISTS audit_journalline_ended_once")
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="journalline",
                    constraint=models.UniqueConstraint(
                        fields=["ends"],
                        condition=models.Q(ends__isnull=False),
                        name="audit_journalline_ended_once",
                    ),
                ),
            ],
        ),
    ]
