"""One's own account: the invitation, the second factor, the profile, API tokens."""

from uuid import UUID

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import has_second_factor
from accounts.errors import AccountsError
from accounts.forms import FirstPasswordForm, LanguageForm, TokenForm
from accounts.models import User
from accounts.queries import is_a_school, open_invitation, roles_of, tokens_of
from accounts.security import SecurityEvent, note_refused
from accounts.services.people import accept_invitation
from accounts.services.preferences import choose_language, choose_undo_send
from accounts.services.secrets import sha256
from accounts.services.sessions import sign_out_everywhere
from accounts.services.tokens import confirm_token, create_token, revoke_token


def signed_in(request: HttpRequest) -> User:
    """The person of a request that only signed-in people reach."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form gets that no page of ours sent (CSRF_FAILURE_VIEW)."""
    note_refused(SecurityEvent.FORGERY_REFUSED, request)
    return csrf_failure(request, reason)


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Set the first password."""
    invited = open_invitation(sha256(secret))
    if invited is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    form = FirstPasswordForm(request.POST or None, person=invited.person)
    if not form.is_valid():
        return render(request, "accounts/invitation.html", {"form": form, "person": invited.person})
    accept_invitation(secret=secret, password=form.cleaned_data["password"])
    messages.success(request, _("Your account is open. Sign in with your new password."))
    return redirect("account_login")


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Says why a second factor is needed, and leads to enrolling it or to typing it."""
    then = _safe_next(request)
    page = "mfa_reauthenticate" if has_second_factor(signed_in(request)) else "mfa_activate_totp"
    return render(request, "accounts/second_factor.html", {"page": reverse(page), "next": then})


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What the school knows of oneself, and the ways to change how one signs in."""
    person = signed_in(request)
    return render(
        request,
        "accounts/profile.html",
        {
            "person": person,
            "roles": roles_of(person),
            "has_second_factor": has_second_factor(person),
            "needs_second_factor": is_a_school(),
            "tokens": tokens_of(person),
            "language_form": _language_form(person),
        },
    )


def _language_form(person: User) -> LanguageForm | None:
    """None where there is nothing to choose."""
    if len(settings.LANGUAGES) < 2:
        return None
    return LanguageForm(initial={"language": person.language})


@login_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of one's pages."""
    form = LanguageForm(request.POST)
    if form.is_valid():
        choose_language(person=signed_in(request), language=form.cleaned_data["language"])
    else:
        messages.error(request, _("Please choose one of the languages."))
    return redirect("accounts_profile")


@login_required
@require_http_methods(["PUT", "DELETE"])
def undo_send(request: HttpRequest) -> HttpResponse:
    """Let one's messages wait five seconds before they are sent, or not: 204."""
    choose_undo_send(person=signed_in(request), on=request.method == "PUT")
    return HttpResponse(status=204)


@login_required
@require_POST
def everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one included."""
    sign_out_everywhere(person=signed_in(request))
    logout(request, show_message=False)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Make an API token; its secret is shown on this one answer."""
    form = TokenForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/token_new.html", {"form": form})
    person = signed_in(request)
    made = create_token(by=person, person=person, name=form.cleaned_data["name"])
    return render(request, "accounts/token_made.html", {"made": made})


@login_required
@require_POST
def confirm(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Confirm a token that the operator asked for."""
    try:
        confirm_token(by=signed_in(request), token_id=token_id)
    except AccountsError as refused:
        messages.error(request, str(refused))
    return redirect("accounts_profile")


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token."""
    try:
        revoke_token(by=signed_in(request), token_id=token_id)
    except AccountsError as refused:
        messages.error(request, str(refused))
    return redirect("accounts_profile")


def _safe_next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else "/"
