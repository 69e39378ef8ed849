"""Shapes of input for rules: a new version, and another class."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from retention.due.terms import Trigger
from retention.forms import ReasonForm, day_field, id_in
from retention.models import Policy
from retention.presets import NATIONS, SCHOOL_TYPES
from retention.queries.messages import classes_for
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


class DateForm(ReasonForm):
    """What a channel's rule is counted from."""

    on = day_field(gettext_noop("This day"), required=False)
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Or the day on which this person leaves"),
        required=False,
        help_text=gettext_lazy("As soon as it is known: it is entered where accounts are kept."),
    )
    field_order = ("on", "person", "reason")

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.exclude(pk=viewer.pk).order_by("display_name")

    def clean(self) -> dict[str, Any]:
        """One of them."""
        values = super().clean() or {}
        if not self.errors and bool(values.get("on")) == bool(values.get("person")):
            self.add_error("on", _("Give a day, or a person: one of them."))
        return values


class AgreeForm(forms.Form):
    """The date that the second person saw."""

    on = forms.DateField()


class MessageForm(ReasonForm):
    """Which message is kept longer, and as what."""

    message = forms.CharField(
        label=gettext_lazy("Link to the message"),
        max_length=300,
        help_text=gettext_lazy(
            "Whoever can read the message finds it in its menu, under \u201cCopy link\u201d."
        ),
    )
    record_class = forms.ChoiceField(label=gettext_lazy("Kind of record"))
    field_order = ("message", "record_class", "reason")

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["record_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _kinds(classes_for(viewer))

    def clean_message(self) -> UUID:
        """The id in a link, or an id alone."""
        found = id_in(self.cleaned_data["message"])
        if found is None:
            raise forms.ValidationError(
                _("This is no link to a message. Please copy it from the message\u2019s menu.")
            )
        return found


class ClassForm(ReasonForm):
    """Another record class for a channel."""

    record_class = forms.ChoiceField(label=gettext_lazy("Kind of record"))
    field_order = ("record_class", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["record_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _kinds(policies())


def _kinds(rules: Iterable[Policy]) -> list[tuple[str, str]]:
    return [(one.record_class, f"{_(one.name)}: {period(one.term)}") for one in rules]
