"""Corrections of the record: notes under messages of people who asked for it (Article 16)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import may
from accounts.views import signed_in
from messaging.exceptions import MessageNotFound, MessagingError
from messaging.models import Message
from messaging.queries import correctable_for
from messaging.services.corrections import correct_record
from messaging.vault.notes import reference_of
from retention.exceptions import NotFound
from retention.forms import CorrectionForm, id_in
from retention.queries.corrections import corrections_for
from retention.views.naming import name_of
from retention.views.seams import records

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """What was corrected with authority: when, where, by whom and why, without the words."""
    found = corrections_for(_officer(request))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "correction": one,
            "channel": name_of(one.message.channel),
            "reference": reference_of(one),
        }
        for one in page
    ]
    return render(request, "retention/corrections.html", {"page_obj": page, "rows": rows})


@records
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Append a correction to a message, which is named by its link; its words are not shown."""
    viewer = _officer(request)
    form = CorrectionForm(request.POST or None, initial={"message": _link(request, viewer)})
    if form.is_valid():
        values = form.cleaned_data
        try:
            correct_record(
                by=viewer,
                message_id=values["message"],
                body=values["body"],
                reason=values["reason"],
                reference=values["reference"],
            )
        except MessagingError as refused:
            field = "message" if isinstance(refused, MessageNotFound) else None
            form.add_error(field, str(refused))
        else:
            messages.success(
                request, _("The correction stands under the message, for everybody who reads it.")
            )
            return redirect("retention_corrections")
    context = {"form": form, "about": _about(viewer, form)}
    return render(request, "retention/correction_new.html", context)


def _officer(request: HttpRequest) -> User:
    viewer = signed_in(request)
    if not may(viewer, "correct_records"):
        raise NotFound
    return viewer


def _link(request: HttpRequest, viewer: User) -> str:
    """What the message's menu led here with, as the link that *Copy link* gives."""
    named = request.GET.get("message", "")
    found = id_in(named)
    try:
        message = correctable_for(viewer, found) if found else None
    except MessageNotFound:
        return named
    if message is None:
        return named
    return request.build_absolute_uri(f"/?channel={message.channel_id}&message={message.id}")


def _about(viewer: User, form: CorrectionForm) -> dict[str, object] | None:
    """Whose message it is, of when and where, so that the right one is corrected."""
    message_id = form.named()
    try:
        message = correctable_for(viewer, message_id) if message_id else None
    except MessageNotFound:
        return None
    return _facts(message) if message else None


def _facts(message: Message) -> dict[str, object]:
    return {
        "author": message.author.display_name if message.author else "",
        "channel": name_of(message.channel),
        "sent_at": message.sent_at,
    }
