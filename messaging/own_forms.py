"""The shapes of what people keep for themselves, as their pages send it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.clock import now
from messaging.own_words import OwnWords

#: A draft may still be too long to be sent; this only bounds what is kept.
_TIMES_A_MESSAGE: Final = 2
_A_DAY_MS: Final = 86_400_000


class _WordsForm(forms.Form):
    """What was written, and what it answers."""

    text = forms.CharField(strip=False)
    reply_to = forms.UUIDField(required=False)

    def words(self) -> OwnWords:
        """As they are kept."""
        return OwnWords(text=self.cleaned_data["text"], reply_to=self.cleaned_data["reply_to"])


class DraftForm(_WordsForm):
    """What was written, what it answers, and how long ago, by the page's own steady clock."""

    text = forms.CharField(required=False, strip=False)
    age = forms.IntegerField(required=False, min_value=0, max_value=_A_DAY_MS)

    def clean_text(self) -> str:
        """The words, within the limit; blank ones are none."""
        text = str(self.cleaned_data["text"])
        if len(text) > _TIMES_A_MESSAGE * settings.MAX_MESSAGE_CHARS:
            raise forms.ValidationError(_("This is too long to be kept as a draft."))
        return text if text.strip() else ""

    def written_at(self) -> datetime:
        """When it was written, by the server's clock."""
        return now() - timedelta(milliseconds=self.cleaned_data["age"] or 0)


class _Ids(forms.Field):
    """A list of ids, or none."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> tuple[UUID, ...]:
        """As they are worked with."""
        try:
            return tuple(UUID(str(one)) for one in value or ())
        except (TypeError, ValueError):
            raise forms.ValidationError(_("A file of this message is not known.")) from None


class LaterForm(_WordsForm):
    """A text that is to be sent, with its files, where, and when. With files it needs no words."""

    text = forms.CharField(required=False, strip=False)
    uploads = _Ids(required=False)
    channel = forms.UUIDField()
    due_at = forms.DateTimeField()

    def words(self) -> OwnWords:
        """As they are kept."""
        return replace(super().words(), uploads=self.cleaned_data["uploads"])


class WaitingForm(forms.Form):
    """A text that waits, on the page where it is changed. Times are the school's."""

    text = forms.CharField(
        label=gettext_lazy("Message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "translate": "no"}),
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("Send it on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, brings: bool, **kwargs: Any) -> None:
        """With files, which it `brings`, it needs no words."""
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not brings
