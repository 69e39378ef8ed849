"""The hits of a recorded search: the best of them first, their number, and the way back to one."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Channel
from messaging.services.channels import create_channel
from messaging.services.corrections import correct_own
from messaging.services.messages import delete_message, edit_message
from oversight.models import SearchRecord
from tests.scenes import say

type Ask = Callable[..., Any]


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_best_match_comes_first_where_it_is_asked_for(
    ask: Ask, desk: Client, year_5: Channel, alice: User, bob: User
) -> None:
    best = say(alice, year_5, "Nothing but swimming")
    for number in range(21):
        say(bob, year_5, f"They swim, number{number}")
    ask("swimming")
    address = f"/safeguarding/searches/{SearchRecord.objects.get().number}/"
    say(bob, year_5, "Swimming again")

    first = desk.get(address, {"sort": "best"})
    results = first.context["results"]
    assert results.hits[0]["message"]["id"] == str(best.id)
    assert len(results.hits) == 20
    assert Entry.objects.filter(action=Action.RECORD_SHOWN).count() == 2
    second = desk.get(address, {"sort": "best", "skip": results.best.next})
    assert len(second.context["results"].hits) == 2
    assert "Further matches" in _page(second)


def test_the_number_of_hits_comes_afterwards_without_an_entry(
    ask: Ask, desk: Client, year_5: Channel, alice: User, bob: User, dana: User
) -> None:
    about = create_channel(
        by=alice, kind="private", name="About D", members=[bob], about=[dana], sensitive=True
    )
    say(alice, about, "Dana and the swimming")
    for number in range(3):
        say(bob, year_5, f"Swimming number{number}")
    ask("swimming")
    entries = Entry.objects.count()

    answer = desk.get(f"/safeguarding/searches/{SearchRecord.objects.get().number}/count/")

    assert "3 texts found" in _page(answer)
    assert Entry.objects.count() == entries


def test_the_number_is_of_what_had_been_written_by_then(
    ask: Ask, desk: Client, year_5: Channel, bob: User
) -> None:
    messages = [say(bob, year_5, f"Swimming number{number}") for number in range(3)]
    ask("swimming")
    address = f"/safeguarding/searches/{SearchRecord.objects.get().number}/"
    edit_message(author=bob, message_id=messages[0].id, body="Swimming again")
    delete_message(by=bob, message_id=messages[1].id)
    say(bob, year_5, "Swimming afterwards")

    assert len(desk.get(address).context["results"].hits) == 3
    assert "3 texts found" in _page(desk.get(f"{address}count/"))
    correct_own(author=bob, message_id=messages[2].id, body="It was skating")
    assert "About 3 texts" in _page(desk.get(f"{address}count/"))


def test_the_way_back_from_a_hit_leads_to_its_page(
    ask: Ask, desk: Client, year_5: Channel, bob: User
) -> None:
    message = say(bob, year_5, "Only swimming")
    ask("swimming")
    address = f"/safeguarding/searches/{SearchRecord.objects.get().number}/"
    came = {"Referer": f"http://testserver{address}?sort=best&skip=20"}

    page = _page(desk.get(f"{address}messages/{message.id}/", headers=came))
    assert f'href="{address}?sort=best&amp;skip=20#hit-{message.id}"' in page
    other = {"Referer": "http://elsewhere.example/?x=1"}
    page = _page(desk.get(f"{address}messages/{message.id}/", headers=other))
    assert f'href="{address}#hit-{message.id}"' in page
