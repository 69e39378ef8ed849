"""`/manage/`: the people of the school and their roles. The gate has let only managers in."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import AccountsError, AlreadyHere, NotAllowed, PersonNotFound
from accounts.forms import PersonForm, ReasonForm, RoleRequestForm
from accounts.models import RoleGrant, User
from accounts.queries import (
    grants_of,
    may,
    may_decide,
    may_withdraw,
    people_for,
    person_for,
    requestable_roles,
    requests_for,
    sensitive_labels,
)
from accounts.roles import Role
from accounts.services import people as people_services
from accounts.services import roles as role_services
from accounts.views import signed_in

PEOPLE_A_PAGE = 50

type View = Callable[..., HttpResponse]


def _managers(view: View) -> View:
    """Refuses with 404 whoever may not see people; the gate stands before it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (PersonNotFound, NotAllowed):
            raise Http404 from None

    return guarded


@_managers
def overview(request: HttpRequest) -> HttpResponse:
    """People, found by name, address, job title or department."""
    viewer, words = signed_in(request), request.GET.get("q", "")
    page = Paginator(people_for(viewer, words), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"person": person, "roles": sensitive_labels(person)} for person in page]
    context = {
        "page_obj": page,
        "rows": rows,
        "words": words,
        "waiting": requests_for(viewer).count(),
        "may_invite": may(viewer, "manage_people"),
    }
    part = "#rows" if request.headers.get("HX-Request") else ""
    return render(request, f"accounts/manage/people.html{part}", context)


@never_cache
@_managers
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the link is shown on this one answer."""
    viewer, form = signed_in(request), PersonForm(request.POST or None)
    if not may(viewer, "manage_people"):
        raise Http404
    if form.is_valid():
        try:
            made = people_services.invite_person(by=viewer, newcomer=form.newcomer())
            return _invited(request, made)
        except AlreadyHere as refused:
            form.add_error(None, str(refused))
    return render(request, "accounts/manage/invite.html", {"form": form})


@never_cache
@_managers
@require_POST
def invite_again(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A fresh link for somebody who has not joined yet."""
    made = people_services.invite_again(by=signed_in(request), person_id=person_id)
    return _invited(request, made)


@_managers
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: facts, roles, and what may be done about them."""
    viewer = signed_in(request)
    seen = person_for(viewer, person_id)
    grants = list(grants_of(viewer, seen))
    return render(
        request,
        "accounts/manage/person.html",
        {
            "person": seen,
            "held": [one for one in grants if one.granted_at and not one.ended_at],
            "asked": [_decidable(viewer, one) for one in grants if _is_asked(one)],
            "past": [one for one in grants if one.ended_at],
            "role_form": _role_form(viewer, seen, None),
            "reason_form": ReasonForm(auto_id="close_%s"),
            "may_manage": may(viewer, "manage_people"),
            "may_end": may(viewer, "grant_role", "manage_people") and viewer.pk != seen.pk,
            "is_self": viewer.pk == seen.pk,
        },
    )


@_managers
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Change what is known of a person."""
    viewer = signed_in(request)
    seen = person_for(viewer, person_id)
    if not may(viewer, "manage_people"):
        raise Http404
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm.of(seen)
    if form.is_valid():
        try:
            people_services.change_person(by=viewer, person_id=seen.pk, changes=form.cleaned_data)
            return redirect("manage_person", person_id=seen.pk)
        except AlreadyHere as refused:
            form.add_error(None, str(refused))
    return render(request, "accounts/manage/change.html", {"form": form, "person": seen})


@_managers
@require_POST
def deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Close an account."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _say(request, person_id, _("Say why the account is closed."))
    return _do(
        request,
        person_id,
        lambda: people_services.deactivate_person(
            by=signed_in(request), person_id=person_id, reason=form.cleaned_data["reason"]
        ),
        _("The account is closed; its sessions, tokens and roles have ended."),
    )


@_managers
@require_POST
def reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open an account again."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _say(request, person_id, _("Say why the account is opened again."))
    return _do(
        request,
        person_id,
        lambda: people_services.reactivate_person(
            by=signed_in(request), person_id=person_id, reason=form.cleaned_data["reason"]
        ),
        _("The account is open again, without the roles it had."),
    )


@_managers
@require_POST
def ask(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask for a role on somebody's behalf."""
    viewer = signed_in(request)
    form = _role_form(viewer, person_for(viewer, person_id), request.POST)
    if not form.is_valid():
        return _say(request, person_id, _("Choose a role and say why it is needed."))
    return _do(
        request,
        person_id,
        lambda: role_services.request_role(
            by=viewer,
            person_id=person_id,
            role=Role(form.cleaned_data["role"]),
            reason=form.cleaned_data["reason"],
        ),
        _("The role is asked for; an approver other than you grants it."),
    )


@_managers
def role_requests(request: HttpRequest) -> HttpResponse:
    """Roles asked for and not decided."""
    viewer = signed_in(request)
    waiting = [_decidable(viewer, one) for one in requests_for(viewer)]
    return render(request, "accounts/manage/roles.html", {"waiting": waiting})


@_managers
@require_POST
def grant(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Grant what somebody else asked for."""
    viewer = signed_in(request)
    return _decide(
        request, lambda: role_services.grant_role(by=viewer, grant_id=grant_id), _("Granted.")
    )


@_managers
@require_POST
def refuse(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Refuse a request or take one's own back."""
    viewer = signed_in(request)
    return _decide(
        request, lambda: role_services.refuse_role(by=viewer, grant_id=grant_id), _("Refused.")
    )


@_managers
@require_POST
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Take a role away."""
    viewer = signed_in(request)
    return _decide(
        request,
        lambda: role_services.end_role(by=viewer, grant_id=grant_id),
        _("The role has ended."),
    )


def _invited(request: HttpRequest, made: people_services.Invited) -> HttpResponse:
    link = request.build_absolute_uri(reverse("accounts_invitation", args=[made.secret]))
    return render(request, "accounts/manage/invited.html", {"made": made, "link": link})


def _role_form(viewer: User, seen: User, data: object) -> RoleRequestForm:
    return RoleRequestForm(data, roles=requestable_roles(viewer, seen))


def _is_asked(grant: RoleGrant) -> bool:
    return grant.granted_at is None and grant.ended_at is None


def _decidable(viewer: User, grant: RoleGrant) -> dict[str, object]:
    return {
        "grant": grant,
        "may_grant": may_decide(viewer, grant),
        "may_withdraw": may_withdraw(viewer, grant),
    }


def _do(
    request: HttpRequest, person_id: UUID, act: Callable[[], object], done: str
) -> HttpResponse:
    """One service call about a person; what it refuses is said on their page."""
    try:
        act()
    except PersonNotFound:
        raise Http404 from None
    except AccountsError as refused:
        return _say(request, person_id, str(refused))
    messages.success(request, done)
    return redirect("manage_person", person_id=person_id)


def _decide(request: HttpRequest, act: Callable[[], RoleGrant], done: str) -> HttpResponse:
    """One decision about a role; what the service refuses is said on the page of requests."""
    try:
        decided = act()
    except AccountsError as refused:
        messages.error(request, str(refused))
        return redirect("manage_roles")
    messages.success(request, done)
    return redirect("manage_person", person_id=decided.person_id)


def _say(request: HttpRequest, person_id: UUID, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("manage_person", person_id=person_id)
