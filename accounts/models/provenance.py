"""Where the database came from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from audit.clock import now


class Provenance(models.Model):
    """What this database was made for: one row, written at its creation and unalterable.

    accounts/sql/provenance.sql refuses UPDATE, DELETE and TRUNCATE by trigger.
    """

    class Kind(models.TextChoices):
        """A school's own, the demonstration, or a synthetic history."""

        SCHOOL = "school", gettext_lazy("School")
        DEMO = "demo", gettext_lazy("Demonstration")
        GENERATED = "generated", gettext_lazy("Generated")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    school_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="accounts_provenance_one_row"),
            models.CheckConstraint(
                condition=Q(kind__in=["school", "demo", "generated"]),
                name="accounts_provenance_kind",
            ),
        )

    def __str__(self) -> str:
        return self.school_name
