"""Shapes of input for rules: a new version, and another class."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.due.terms import Trigger
from retention.forms import ReasonForm
from retention.models import Policy
from retention.presets import NATIONS, SCHOOL_TYPES
from retention.queries.rules import period, policies
from retention.services.policies import Rule


class PolicyForm(ReasonForm):
    """A new version of a rule."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    trigger = forms.ChoiceField(
        label=gettext_lazy("Counted from"),
        choices=Policy.CountedFrom.choices,
        help_text=gettext_lazy(
            "For a date beyond the message's own, each channel says which: until it is known, "
            "nothing falls due."
        ),
    )
    months = forms.IntegerField(
        label=gettext_lazy("Kept for how many months?"),
        min_value=1,
        max_value=1_200,
        required=False,
        help_text=gettext_lazy(
            "Rounded up to the end of the month. "
            "Below 12 months, evidence may be gone before a tribunal's limits have run out."
        ),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Or for how many days?"), min_value=1, max_value=3_650, required=False
    )
    action = forms.ChoiceField(label=gettext_lazy("And then?"), choices=Policy.Action.choices)
    authority = forms.CharField(
        label=gettext_lazy("Authority"),
        max_length=300,
        help_text=gettext_lazy("The law or schedule that this period comes from."),
    )
    field_order = ("name", "trigger", "months", "days", "action", "authority", "reason")

    def clean(self) -> dict[str, Any]:
        """Months or days."""
        values = super().clean() or {}
        if not self.errors and bool(values.get("months")) == bool(values.get("days")):
            self.add_error("months", _("Give a number of months or of days: one of them."))
        return values

    def rule(self) -> Rule:
        """The form as a rule."""
        values = self.cleaned_data
        return Rule(
            name=values["name"],
            trigger=Trigger(values["trigger"]),
            months=values["months"],
            days=values["days"],
            action=values["action"],
            authority=values["authority"],
        )

    @classmethod
    def of(cls, policy: Policy) -> "PolicyForm":
        """The form filled in with the rule in force."""
        names = ("name", "trigger", "months", "days", "action", "authority")
        return cls(initial={name: getattr(policy, name) for name in names})


class PresetsForm(ReasonForm):
    """Which presets."""

    nation = forms.ChoiceField(label=gettext_lazy("Nation"))
    school_type = forms.ChoiceField(label=gettext_lazy("Type of school"))
    field_order = ("nation", "school_type", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("nation", NATIONS), ("school_type", SCHOOL_TYPES)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(code, _(words)) for code, words in choices.items()]
        self.fields["nation"].initial = settings.LOOK.nation


class ClassForm(ReasonForm):
    """Another record class for a channel."""

    record_class = forms.ChoiceField(label=gettext_lazy("Kind of record"))
    field_order = ("record_class", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["record_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(p.record_class, f"{_(p.name)}: {period(p.term)}") for p in policies()]
