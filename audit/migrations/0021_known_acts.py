"""What the journal says are words of a closed list, to the database as well."""

from django.db import migrations, models

from audit.journal.lines import Act

_KNOWN = """
HOLD_PLACED HOLD_RELEASED MATTER_BEGUN MATTER_ENDED DISPOSAL_INTENDED DISPOSAL_DONE
DISPOSAL_WITHDRAWN DISPOSAL_UNCLEAR CERTIFICATE_ISSUED PERSON_DEACTIVATED PERSON_REACTIVATED
ROLE_ENDED RESTORED
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0020_one_index_less")]

    operations = [
        migrations.AddConstraint(
            model_name="journalline",
            constraint=models.CheckConstraint(
                condition=models.Q(act__in=[Act[name] for name in _KNOWN.split()]),
                name="audit_journalline_known",
            ),
        ),
    ]
