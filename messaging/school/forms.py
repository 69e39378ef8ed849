"""The shape of the school's settings as a form."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.school.models import SchoolSettings

if TYPE_CHECKING:
    _Form = forms.ModelForm[SchoolSettings]
else:
    _Form = forms.ModelForm

SHOWN = ("presence", "typing", "receipts")


class SchoolForm(_Form):
    """What is shown of people. Its model's instance is never saved here: the service does that."""

    class Meta:
        model = SchoolSettings
        fields = SHOWN
        widgets = dict.fromkeys(SHOWN, forms.RadioSelect)
        help_texts = {
            "presence": _(
                "Shown with a dot and a word, to those who share a channel. Nothing says since "
                "when, and nothing of it is kept."
            ),
            "typing": _("For some seconds, below the conversation."),
            "receipts": _(
                "Authors see under their own messages who has read them, and never when. How far "
                "each person has read always counts what is unread for themselves."
            ),
        }
