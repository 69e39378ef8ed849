"""Shape of input for a folder of copies that is lost."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from audit.clock import now
from retention.forms import ReasonForm, day_field


class LossForm(ReasonForm):
    """By which day it was lost, and how that is known."""

    on = day_field(gettext_noop("Lost or destroyed by this day"))
    field_order = ("on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext_lazy("What became of it, and how is that known?")

    def clean_on(self) -> date:
        """Not in the future."""
        on: date = self.cleaned_data["on"]
        if on > now().date():
            raise forms.ValidationError(_("The day must not lie in the future."))
        return on
