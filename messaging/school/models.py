"""The settings of the school that messaging keeps: one row, made with the first change."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.school.values import Extent

_LABELS = {
    Extent.OFF: _("Off"),
    Extent.DIRECT: _("In direct messages only"),
    Extent.ON: _("Everywhere"),
}
_EXTENTS = [(one.value, label) for one, label in _LABELS.items()]


def _extent(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=8, choices=_EXTENTS, default=Extent.OFF.value)


class SchoolSettings(models.Model):
    """What holds for everybody at the school. Where there is no row yet, the defaults hold."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    presence = _extent(_("Who is online"))
    typing = _extent(_("Who is writing"))
    receipts = _extent(_("Who has read a message"))

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(id=1), name="messaging_schoolsettings_one_row"
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__in": [one.value for one in Extent]}),
                    name=f"messaging_schoolsettings_{name}",
                )
                for name in ("presence", "typing", "receipts")
            ),
        )

    def __str__(self) -> str:
        return "The settings of the school"
