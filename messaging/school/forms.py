"""The shape of the school's settings as a form."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from messaging.nudges.wording import usual_route
from messaging.school.models import SchoolSettings
from messaging.school.values import RULES

if TYPE_CHECKING:
    _Form = forms.ModelForm[SchoolSettings]
else:
    _Form = forms.ModelForm

SHOWN = ("presence", "typing", "receipts")
POINTED_OUT = (*(f"nudge_{rule}" for rule in RULES), "safeguarding_route")


class SchoolForm(_Form):
    """What is shown of people, and what is pointed out. The service saves it, not the form."""

    class Meta:
        model = SchoolSettings
        fields = (*SHOWN, *POINTED_OUT)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["safeguarding_route"].help_text = _(
            "Shown with a safeguarding word, at most 120 characters. Where it is empty: %(route)s"
        ) % {"route": usual_route()}

    def sections(self) -> list[tuple[Any, Any, list[BoundField]]]:
        """The parts of the page: heading, what it is about, fields."""
        return [
            (
                _("What is shown of people"),
                _("Nobody is ever told when somebody was last there or read something."),
                [self[name] for name in SHOWN],
            ),
            (
                _("What is pointed out to whoever writes"),
                _(
                    "One line above the words, before they are sent. The log keeps how often a "
                    "day, and neither who nor what."
                ),
                [self[name] for name in POINTED_OUT],
            ),
        ]
