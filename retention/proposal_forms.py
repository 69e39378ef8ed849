"""Shapes of input about a proposal: objections, decisions, and how long the steps last."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.closures import UnreadableLine, closed_days
from retention.forms import ReasonForm
from retention.models import Policy, RecordsSettings
from retention.queries.rules import period

if TYPE_CHECKING:
    _Form = forms.ModelForm[RecordsSettings]
else:
    _Form = forms.ModelForm


class ObjectionForm(ReasonForm):
    """Why an owner wants a channel's part kept, and as what kind of record."""

    wanted_class = forms.ChoiceField(
        label=gettext_lazy("Should it be another kind of record, which is kept longer?"),
        required=False,
    )

    def __init__(self, *args: Any, longer: Iterable[Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wanted_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", _("No, only not now")),
                *((one.record_class, f"{_(one.name)}: {period(one.term)}") for one in longer),
            ]
        self.fields["reason"].label = _("Why should it be kept?")
        self.fields["reason"].help_text = _(
            "At least 20 characters. Only those who decide about it read this."
        )


class DecisionForm(ReasonForm):
    """What becomes of an objection, and why."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("What becomes of this part?"),
        choices=[
            ("yes", gettext_lazy("Take it out: it is kept for now")),
            ("no", gettext_lazy("Leave it in: it goes with the rest")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("upheld", "reason")


class StepsForm(_Form):
    """How long each step lasts. The service saves it, not the form."""

    class Meta:
        model = RecordsSettings
        fields = ("object_days", "cool_days", "expire_days", "closed")
        widgets = {"closed": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "object_days": gettext_lazy(
                "Weekends, bank holidays and the days below do not count. 0: nobody is asked."
            ),
            "cool_days": gettext_lazy("Until then it can still be stopped. 0: it may go at once."),
            "expire_days": gettext_lazy(
                "Counted from the approval. After that a new proposal has to be approved."
            ),
            "closed": gettext_lazy(
                "Holidays and training days: a day or a period a line, such as "
                "21/12/2026 to 3/1/2027."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in (("object_days", 60), ("cool_days", 90), ("expire_days", 180)):
            field = self.fields[name]
            if isinstance(field, forms.IntegerField):
                field.max_value = most
                field.validators.append(MaxValueValidator(most))

    def clean_closed(self) -> str:
        """Every line is a day or a period."""
        text = "\n".join(str(self.cleaned_data["closed"]).splitlines())
        try:
            closed_days(text)
        except UnreadableLine as line:
            raise forms.ValidationError(
                _("\u201c%(line)s\u201d is no period: write it like 21/12/2026 to 3/1/2027.")
                % {"line": line}
            ) from None
        return text

    def clean(self) -> dict[str, Any]:
        """There has to be a time in which it can be carried out."""
        values = super().clean() or {}
        cool, expire = values.get("cool_days"), values.get("expire_days")
        if cool is not None and expire is not None and expire <= cool:
            self.add_error(
                "expire_days",
                _("An approval has to last longer than the days before the disposal."),
            )
        return values
