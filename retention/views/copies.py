"""Folders of copies of the keyring, and declaring that one is lost."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.views import signed_in
from retention.copies import copies_kept, overdue_copies
from retention.loss_forms import LossForm
from retention.models import KeyringPlace, PlaceLoss
from retention.queries.losses import loss_for, losses_for, losses_in_force, place_for, places_for
from retention.services.losses import agree_to_loss, propose_loss, withdraw_loss
from retention.views.seams import act, asked_for, records


@records
def listing(request: HttpRequest) -> HttpResponse:
    """Every folder that got one, and what is known of it."""
    viewer = signed_in(request)
    waiting = {one.place_id for one in losses_for(viewer).filter(state=PlaceLoss.State.WAITING)}
    lost = {one.place_id: one for one in losses_in_force()}
    rows = [
        {"place": one, "lost": lost.get(one.uid), "waits": one.uid in waiting}
        for one in places_for(viewer)
    ]
    context = {"rows": rows, "overdue": overdue_copies(), "days": copies_kept().days}
    return render(request, "retention/copies.html", context)


@records
@require_http_methods(["GET", "POST"])
def lose(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Declare one to be lost, or be the second person."""
    viewer = signed_in(request)
    place = place_for(viewer, place_id)
    form = LossForm(request.POST or None)
    if form.is_valid():
        return act(
            request,
            lambda: propose_loss(by=viewer, place=place_id, **form.cleaned_data),
            done=_("Declared. It counts when an approver has agreed."),
            then="retention_copies_lost",
            place_id=place_id,
        )
    context = {"form": form, "place": place, "proposal": _waiting(viewer, place)}
    context["lost"] = losses_in_force().filter(place=place).last()
    return render(request, "retention/copies_lost.html", context)


def _waiting(viewer: User, place: KeyringPlace) -> dict[str, object] | None:
    found = losses_for(viewer).filter(place=place, state=PlaceLoss.State.WAITING).first()
    return asked_for(viewer, found) if found else None


@records
@require_POST
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Be the second person."""
    viewer = signed_in(request)
    loss_for(viewer, number)
    return act(
        request,
        lambda: agree_to_loss(by=viewer, number=number),
        done=_("Agreed. Certificates wait for that folder no more, and say that it was declared."),
        then="retention_copies",
    )


@records
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Let what was declared be none."""
    viewer = signed_in(request)
    loss_for(viewer, number)
    return act(
        request,
        lambda: withdraw_loss(by=viewer, number=number),
        done=_("Withdrawn. Certificates wait for that folder as before."),
        then="retention_copies",
    )
