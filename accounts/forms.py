"""Shapes of input for the pages about people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import Newcomer

_PERSON_FIELDS = ("email", "display_name", "job_title", "department", "staff_id", "leaving_on")


class PersonForm(forms.Form):
    """What is known of a person: for an invitation and for a change."""

    email = forms.EmailField(
        label=gettext_lazy("Work e-mail"),
        max_length=254,
        help_text=gettext_lazy("They sign in with it."),
    )
    display_name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("As colleagues see it.")
    )
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=120, required=False)
    staff_id = forms.CharField(label=gettext_lazy("Staff number"), max_length=64, required=False)
    leaving_on = forms.DateField(
        label=gettext_lazy("Leaving date"),
        required=False,
        help_text=gettext_lazy(
            "The account closes on the day after. What is kept until some time after it counts "
            "from an earlier or a new date only when a second person has agreed, under Records."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_email(self) -> str:
        """In lower case, as it is stored."""
        return str(self.cleaned_data["email"]).lower()

    def newcomer(self) -> Newcomer:
        """The form as somebody to invite."""
        return Newcomer(**self.cleaned_data)

    @classmethod
    def of(cls, person: User) -> "PersonForm":
        """The form filled in with what is known."""
        return cls(initial={name: getattr(person, name) for name in _PERSON_FIELDS})


class LanguageForm(forms.Form):
    """In which language one reads the pages."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Of the pages. What people write stays as they wrote it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("As this browser asks")), *settings.LANGUAGES]


class ReasonForm(forms.Form):
    """Why; it stands sealed beside the entry of the log."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Stands sealed in the record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RoleRequestForm(ReasonForm):
    """Which role is asked for, and why."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    field_order = ("role", "reason")

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, role.label) for role in roles]


class FirstPasswordForm(forms.Form):
    """A first password, twice. Pasting is welcome: password managers do it."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters. Three unrelated words are good."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Against the school's rules for passwords."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        cleaned = super().clean() or {}
        first = cleaned.get("password")
        if first and first != cleaned.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(label=gettext_lazy("What is it for?"), max_length=120)
