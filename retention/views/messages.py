"""Single messages that are kept longer than their channel. Their words are not shown here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import signed_in
from audit.sealed import open_record
from retention.exceptions import NotFound, RetentionError
from retention.queries.messages import classes_for, kept_longer_for
from retention.queries.rules import policy_of
from retention.rule_forms import MessageForm
from retention.services.messages import reclass_message
from retention.views.naming import name_of
from retention.views.seams import records

ROWS_A_PAGE = 50


@records
def listing(request: HttpRequest) -> HttpResponse:
    """Which messages, as what, by whom and why."""
    found = kept_longer_for(signed_in(request))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "kept": one,
            "channel": name_of(one.message.channel),
            "rule": policy_of(one.record_class),
            "reason": open_record(one.record)["reason"],
        }
        for one in page
    ]
    return render(request, "retention/messages.html", {"page_obj": page, "rows": rows})


@records
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Have a message kept longer, which is named by its link."""
    viewer = signed_in(request)
    if not classes_for(viewer):
        raise NotFound
    initial = {"message": request.GET.get("message", "")}
    form = MessageForm(request.POST or None, viewer=viewer, initial=initial)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            reclass_message(by=viewer, message_id=values.pop("message"), **values)
        except NotFound:
            form.add_error("message", _("There is no such message."))
        except RetentionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The message is kept longer than its channel."))
            return redirect("retention_messages")
    return render(request, "retention/message_new.html", {"form": form})
