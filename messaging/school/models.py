"""The settings of the school that messaging keeps: one row, made with the first change."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.school.values import RULES, Extent, Nudging

_LABELS = {
    Extent.OFF: _("Off"),
    Extent.DIRECT: _("In direct messages only"),
    Extent.ON: _("Everywhere"),
}
_EXTENTS = [(one.value, label) for one, label in _LABELS.items()]
_NUDGING = [
    (Nudging.OFF.value, _("Say nothing")),
    (Nudging.NUDGE.value, _("Point it out to the writer")),
    (Nudging.BLOCK.value, _("Do not let it be sent")),
]


def _extent(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=8, choices=_EXTENTS, default=Extent.OFF.value)


def _nudging(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=8, choices=_NUDGING, default=Nudging.NUDGE.value)


class SchoolSettings(models.Model):
    """What holds for everybody at the school. Where there is no row yet, the defaults hold."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    presence = _extent(_("Who is online"))
    typing = _extent(_("Who is writing"))
    receipts = _extent(_("Who has read a message"))
    nudge_upn = _nudging(_("A pupil's UPN"))
    nudge_nhs = _nudging(_("An NHS number"))
    nudge_birth = _nudging(_("A date of birth beside a name"))
    nudge_phone = _nudging(_("A phone number"))
    nudge_bank = _nudging(_("Bank details or a card number"))
    nudge_safeguarding = _nudging(_("A safeguarding word"))
    # It stands at the end of an error, of which 200 characters are to be read.
    safeguarding_route = models.CharField(
        _("What to do with a concern"), max_length=120, blank=True, default=""
    )

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
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"nudge_{rule}__in": [one.value for one in Nudging]}),
                    name=f"messaging_schoolsettings_{rule}",
                )
                for rule in RULES
            ),
        )

    def __str__(self) -> str:
        return "The settings of the school"

    @property
    def nudges(self) -> dict[str, Nudging]:
        """By rule, what becomes of words that fall under it."""
        return {rule: Nudging(getattr(self, f"nudge_{rule}")) for rule in RULES}
