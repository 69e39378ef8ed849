"""`/messages/later/`: the texts that a person has waiting, and what they can do with them."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from audit.clock import iso
from messaging.exceptions import CannotBeOpened, ChannelNotFound, MessagingError, NotWaiting
from messaging.files.attached import Attachment
from messaging.files.queries import files_waiting
from messaging.models import WaitingText
from messaging.own_forms import LaterForm, WaitingForm
from messaging.own_queries import waiting_for, words_of
from messaging.own_views import sent
from messaging.own_words import OwnWords
from messaging.queries import Named, names_for
from messaging.rendering import render_markdown
from messaging.services import waiting as services
from messaging.views import person_of


@require_GET
@never_cache
@login_required
def later(request: HttpRequest) -> HttpResponse:
    """What is waiting to be sent, the next one first."""
    person = person_of(request)
    names = names_for(person)
    texts = [(text, _opened(text)) for text in waiting_for(person)]
    brought = [one for _, words in texts if isinstance(words, OwnWords) for one in words.uploads]
    files = files_waiting(person, brought)
    context = {"texts": [_shown(text, words, names, files) for text, words in texts]}
    return render(request, "messaging/later.html", context)


@require_POST
@login_required
def new_later(request: HttpRequest) -> HttpResponse:
    """Let `{"channel", "text", "reply_to", "uploads", "due_at"}` wait: 201 with its `id` and
    `due_at`. `uploads` are the ids of the person's own that are ready."""
    form = LaterForm(sent(request))
    if not form.is_valid():
        return JsonResponse({"detail": _("Please choose a time.")}, status=400)
    asked = form.cleaned_data
    try:
        text = services.send_later(
            person=person_of(request),
            channel_id=asked["channel"],
            words=form.words(),
            due_at=asked["due_at"],
        )
    except ChannelNotFound:
        raise Http404 from None
    except MessagingError as refused:
        return JsonResponse({"code": refused.code, "detail": str(refused)}, status=409)
    return JsonResponse({"id": text.id, "due_at": iso(text.due_at)}, status=201)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def change_later(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Other words, or another time."""
    person = person_of(request)
    text = _mine(person, waiting_id)
    try:
        words = words_of(text)
    except CannotBeOpened as refused:
        flash.error(request, str(refused))
        return redirect("later")
    present = {"text": words.text, "due_at": timezone.localtime(text.due_at)}
    form = WaitingForm(request.POST or None, initial=present, brings=bool(words.uploads))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_waiting(person=person, waiting=waiting_id, **form.cleaned_data)
        except MessagingError as refused:
            form.add_error(None, str(refused))
        else:
            flash.success(request, _("It waits as you changed it."))
            return redirect("later")
    context = {"form": form, "files": files_waiting(person, words.uploads).values()}
    return render(request, "messaging/change_later.html", context)


@require_POST
@login_required
def send_now(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Send a text before its time."""

    def act(person: User) -> str:
        services.send_waiting(person=person, waiting=waiting_id)
        return _("Sent.")

    return _act(request, waiting_id, act)


@require_POST
@login_required
def remove_later(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Throw a text away."""

    def act(person: User) -> str:
        services.remove_waiting(person=person, waiting=waiting_id)
        return _("It is removed, and will not be sent.")

    return _act(request, waiting_id, act)


def _act(request: HttpRequest, waiting_id: UUID, act: Callable[[User], str]) -> HttpResponse:
    person = person_of(request)
    _mine(person, waiting_id)
    try:
        flash.success(request, act(person))
    except MessagingError as refused:
        flash.error(request, str(refused))
    return redirect("later")


def _mine(person: User, waiting_id: UUID) -> WaitingText:
    found = waiting_for(person).filter(id=waiting_id).first()
    if found is None:
        raise Http404(str(NotWaiting()))
    return found


def _opened(text: WaitingText) -> OwnWords | CannotBeOpened:
    """Its words, or why they are not to be had."""
    try:
        return words_of(text)
    except CannotBeOpened as why:
        return why


def _shown(
    text: WaitingText,
    words: OwnWords | CannotBeOpened,
    names: Mapping[UUID, Named],
    files: Mapping[UUID, Attachment],
) -> dict[str, Any]:
    named = names.get(text.channel_id)
    shown = {
        "id": text.id,
        "channel": text.channel_id if named else None,
        "name": named.name if named else _("A channel that you are no longer in"),
        "due_at": text.due_at,
    }
    if isinstance(words, CannotBeOpened):
        return {**shown, "html": None, "files": [], "refused": str(words)}
    return {
        **shown,
        "html": render_markdown(words.text),
        "files": [files[one] for one in words.uploads if one in files],
        "refused": text.get_refused_display(),
    }
