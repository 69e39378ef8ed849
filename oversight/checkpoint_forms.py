"""Shapes of input: somebody whom checkpoints are sent to."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oversight.errors import NoAddress
from oversight.models import Recipient

_MOST_NAME_CHARS: Final = 100


class RecipientForm(forms.Form):
    """Who it is, how it gets there, and the address if it is e-mail."""

    name = forms.CharField(
        max_length=_MOST_NAME_CHARS,
        label=gettext_lazy("Who is it?"),
        help_text=gettext_lazy(
            "For example “Chair of governors: Chris Cole”. A place will do, too."
        ),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("How does it get there?"),
        widget=forms.RadioSelect,
        initial=Recipient.Way.EMAIL,
    )
    address = forms.EmailField(
        required=False,
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Best an address that the school’s technician cannot open."),
        error_messages={"required": gettext_lazy(NoAddress.__doc__ or "")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = _ways()
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
        if len(ways) == 1:
            self.fields["way"].widget = forms.HiddenInput()
            self.fields["address"].required = True
        else:
            self.fields["address"].label = _("E-mail address, if it goes by e-mail")

    def clean(self) -> dict[str, Any]:
        """E-mail has an address, and nothing else has."""
        values = super().clean() or {}
        by_mail = values.get("way") == Recipient.Way.EMAIL
        if by_mail and not values.get("address") and "address" not in self.errors:
            self.add_error("address", str(NoAddress()))
        if not by_mail:
            values["address"] = ""
        return values


def _ways() -> list[tuple[str, str]]:
    """E-mail, and what else the server's settings name."""
    named = {
        Recipient.Way.EMAIL: True,
        Recipient.Way.FILE: bool(settings.CHECKPOINT_FOLDER),
        Recipient.Way.WEBHOOK: bool(settings.CHECKPOINT_WEBHOOK),
    }
    return [(way, str(way.label)) for way, there in named.items() if there]
