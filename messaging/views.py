"""The chat's page, and the pages behind it: browse, make, join, members."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.context import people as page_context
from accounts.models import User
from accounts.queries import may
from messaging.browsing import browsed_by
from messaging.exceptions import ChannelNotFound, MessagingError
from messaging.files.kinds import KINDS
from messaging.forms import DirectForm, MemberForm, NewChannelForm, RoleForm
from messaging.models import Channel
from messaging.queries import (
    channel_for,
    may_manage,
    members_of,
)
from messaging.services import channels

#: Characters of what channels are looked for by.
_MOST_SOUGHT = 80
#: The addresses that the chat's page needs; `{id}` is a channel's or a message's id.
_URLS = {
    "readers": "/channels/{id}/readers/",
    "members": "/channels/{id}/members/",
    "settings": "/channels/{id}/settings/",
    "browse": "/channels/",
    "new_channel": "/channels/new/",
    "pass_to_dsl": "/messages/{id}/concern/",
    "search": "/search/",
    "uploads": "/messages/uploads/",
    "files": "/channels/{id}/files/",
    "undo_send": "/accounts/undo-send/",
    "profile": "/accounts/profile/",
    "sign_out": "/accounts/logout/",
}

#: The same for whoever may correct anybody's message.
_CORRECTING = {"correct": "/records/corrections/new/"}


def person_of(request: HttpRequest) -> User:
    """The signed-in person of a view that demands one."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@gzip_page  # nothing that was asked for stands in the page, so that its length tells nothing
@require_GET
@never_cache
@login_required
def chat(request: HttpRequest) -> HttpResponse:
    """The conversation. Channels and messages come over the websocket."""
    person = person_of(request)
    context = page_context(request)
    bootstrap = {
        "user": {"id": str(person.id), "name": person.display_name},
        "undo_send": person.undo_send,
        "channels": [],
        "urls": _URLS | (_CORRECTING if may(person, "correct_records") else {}),
        "nav": context["nav"],
        "people": _people(),
        "files": _files(),
    }
    return render(request, "messaging/chat.html", {"bootstrap": bootstrap})


def _files() -> dict[str, Any]:
    """What may be sent: the most bytes, what a picker offers, and from how many members on a photo
    asks first."""
    files = settings.FILES
    kinds = [KINDS[extension] for extension in sorted(files.kinds)]
    offered = [*(f".{kind.extension}" for kind in kinds), *(kind.type for kind in kinds)]
    return {
        "most_bytes": files.most_bytes,
        "types": offered,
        "large_channel": files.large_channel,
    }


def _people() -> dict[str, dict[str, Any]]:
    everybody = User.objects.filter(is_active=True).values_list("id", "display_name", "job_title")
    return {str(i): {"name": name, "title": title} for i, name, title in everybody}


@require_GET
@never_cache
@login_required
def browse(request: HttpRequest) -> HttpResponse:
    """Open channels that one could join, and those that one is in; `q` narrows them."""
    person = person_of(request)
    words = request.GET.get("q", "").strip()[:_MOST_SOUGHT]
    found = [each for each in browsed_by(person) if each.answers(words)]
    context = {
        "joinable": [each for each in found if not each.mine],
        "mine": [each for each in found if each.mine],
        "words": words,
    }
    return render(request, "messaging/browse.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def new_channel(request: HttpRequest) -> HttpResponse:
    """A new channel, or with ?kind=direct a direct conversation."""
    person = person_of(request)
    if request.GET.get("kind") == Channel.Kind.DIRECT:
        return _new_direct(request, person)
    form = NewChannelForm(request.POST or None, by=person)
    if request.method == "POST" and form.is_valid():
        try:
            return to_chat(channels.create_channel(by=person, **form.cleaned_data))
        except MessagingError as refused:
            form.add_error(None, str(refused))
    return render(request, "messaging/new_channel.html", {"form": form})


def _new_direct(request: HttpRequest, person: User) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    if data is None and (asked := request.GET.get("person")):
        data = {"people": [asked]}  # type: ignore[assignment]
    form = DirectForm(data, by=person)
    if form.is_bound and form.is_valid():
        return to_chat(channels.open_direct(by=person, people=list(form.cleaned_data["people"])))
    return render(request, "messaging/new_direct.html", {"form": form})


@require_POST
@login_required
def join(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Come into an open channel."""
    try:
        return to_chat(channels.join_channel(person=person_of(request), channel_id=channel_id))
    except ChannelNotFound:
        raise Http404 from None


@require_POST
@login_required
def leave(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Go out of a channel."""
    return _act(
        request,
        channel_id,
        lambda person: channels.leave_channel(person=person, channel_id=channel_id),
        then=reverse("chat"),
    )


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def members(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Who is in a channel; its owners add people here."""
    person = person_of(request)
    channel = _channel(person, channel_id)
    form = MemberForm(request.POST or None, channel=channel)
    if request.method == "POST" and form.is_valid():
        return _act(
            request,
            channel_id,
            lambda by: channels.add_member(
                by=by, channel_id=channel_id, person=form.cleaned_data["person"]
            ),
            then=request.path,
        )
    context = {
        "channel": channel,
        "form": form,
        "memberships": members_of(channel),
        "may_manage": may_manage(person, channel),
    }
    return render(request, "messaging/members.html", context)


@require_POST
@login_required
def remove(request: HttpRequest, channel_id: UUID, person_id: UUID) -> HttpResponse:
    """An owner takes somebody out."""
    member = _member(request, channel_id, person_id)
    return _act(
        request,
        channel_id,
        lambda by: channels.remove_member(by=by, channel_id=channel_id, person=member),
        then=reverse("channel-members", args=[channel_id]),
    )


@require_POST
@login_required
def set_role(request: HttpRequest, channel_id: UUID, person_id: UUID) -> HttpResponse:
    """An owner makes somebody an owner, or a member again."""
    member = _member(request, channel_id, person_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    return _act(
        request,
        channel_id,
        lambda by: channels.set_role(
            by=by, channel_id=channel_id, person=member, role=form.cleaned_data["role"]
        ),
        then=reverse("channel-members", args=[channel_id]),
    )


@require_POST
@login_required
def archive(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """An owner closes the channel."""
    return _act(
        request,
        channel_id,
        lambda by: channels.archive_channel(by=by, channel_id=channel_id),
        then=reverse("channel-members", args=[channel_id]),
    )


def _member(request: HttpRequest, channel_id: UUID, person_id: UUID) -> User:
    channel = _channel(person_of(request), channel_id)
    found = members_of(channel).filter(person=person_id).first()
    if found is None:
        raise Http404
    return found.person


def _channel(person: User, channel_id: UUID) -> Channel:
    try:
        return channel_for(person, channel_id)
    except ChannelNotFound:
        raise Http404 from None


def _act(request: HttpRequest, channel_id: UUID, act: Any, *, then: str) -> HttpResponse:
    """Do `act` as the signed-in person; a refusal is said on the page that follows."""
    person = person_of(request)
    _channel(person, channel_id)
    try:
        act(person)
    except MessagingError as refused:
        flash.error(request, str(refused))
        return redirect(request.headers.get("Referer") or "chat")
    return HttpResponseRedirect(then)


def to_chat(channel: Channel) -> HttpResponse:
    """To the conversation of a channel."""
    return HttpResponseRedirect(f"{reverse('chat')}?channel={channel.id}")
