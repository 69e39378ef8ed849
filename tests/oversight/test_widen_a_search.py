"""A search of the record is made again, further back; it is one of its own."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from audit.sealed import open_record
from messaging.models import Channel, ChannelSubject
from oversight.models import SearchRecord
from tests.oversight.conftest import REASON

type Ask = Callable[..., Any]


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_looks_ninety_days_back_unless_it_is_widened(desk: Client, dana: User) -> None:
    form = {"reason": REASON, "words": "swimming"}
    desk.post("/safeguarding/searches/new/", form)
    narrow = SearchRecord.objects.get()
    assert open_record(narrow.record)["since"] is not None

    wider = _page(desk.get(f"/safeguarding/searches/new/?wider={narrow.number}"))
    assert 'value="swimming"' in wider
    assert REASON in wider
    desk.post("/safeguarding/searches/new/", {**form, "span": "all"})
    assert Entry.objects.filter(action=Action.RECORD_SEARCHED).count() == 2
    assert open_record(SearchRecord.objects.latest("number").record)["since"] is None


def test_who_it_is_about_since_then_is_not_led_back_into_a_channel(
    ask: Ask, desk: Client, year_5: Channel, bob: User, dana: User
) -> None:
    ask("swimming", channel=str(year_5.id), person=str(bob.id))
    number = SearchRecord.objects.get().number
    wider = f"/safeguarding/searches/new/?wider={number}"
    begun = desk.get(wider).context["form"].initial
    assert (begun["channel"], begun["person"]) == (year_5, bob.id)

    ChannelSubject.objects.create(channel=year_5, person=dana)

    begun = desk.get(wider)
    assert begun.context["form"].initial["channel"] is None
    assert str(year_5.id) not in _page(begun)
