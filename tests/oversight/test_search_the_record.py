"""The safeguarding lead searches the whole record, with a reason, and leaves a trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry, Item, SealedRecord
from audit.sealed import open_record
from messaging.models import Channel
from messaging.services.channels import create_channel, open_direct
from messaging.services.messages import delete_message, edit_message
from oversight.errors import NotAtTheDesk, ReasonTooShort, SearchUnreadable
from oversight.inquiry import Inquiry
from oversight.models import SearchRecord
from oversight.queries.hits import found_by
from oversight.services.searches import open_search
from tests.oversight.conftest import REASON
from tests.scenes import channel_of, say

type Ask = Callable[..., Any]


def _page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_lead_finds_a_message_with_its_neighbours_and_the_word_marked(
    ask: Ask, year_5: Channel, alice: User, bob: User
) -> None:
    say(alice, year_5, "Coach at nine")
    say(bob, year_5, "Oliver cried about the **swimming** again")
    say(alice, year_5, "I will ring home")

    page = _page(ask("swimming"))

    assert "<strong><mark>swimming</mark></strong>" in page
    assert "Coach at nine" in page
    assert "I will ring home" in page
    assert "Bob Brennan" in page
    assert "What you open here is recorded" in page


def test_a_direct_message_is_found(ask: Ask, alice: User, bob: User) -> None:
    say(alice, open_direct(by=alice, people=[bob]), "Nobody must know about the swimming")

    assert "Direct message: Alice Adeyemi, Bob Brennan" in _page(ask("swimming"))


def test_what_was_deleted_or_edited_away_is_found_and_said_to_be(
    ask: Ask, year_5: Channel, alice: User, bob: User
) -> None:
    deleted = say(alice, year_5, "The swimming secret")
    delete_message(by=alice, message_id=deleted.id)
    edited = say(bob, year_5, "He was drunk at swimming")
    edit_message(author=bob, message_id=edited.id, body="He was tired")

    page = _page(ask("swimming"))

    assert "Deleted by a member; kept in the record" in page
    assert "The <mark>swimming</mark> secret" in page
    assert "Earlier version, 1 of 2" in page
    assert "He was drunk at <mark>swimming</mark>" in page


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_the_search_is_refused_with_a_sentence(
    desk: Client, year_5: Channel, reason: str
) -> None:
    answer = desk.post("/safeguarding/searches/new/", {"reason": reason, "words": "swimming"})

    assert answer.status_code == 422
    assert "Say in at least 20 characters why you search" in answer.content.decode()
    assert not SearchRecord.objects.exists()
    assert not Entry.objects.filter(action=Action.RECORD_SEARCHED).exists()


def test_the_service_asks_for_reason_and_role_and_readable_words_too(
    alice: User, dana: User
) -> None:
    with pytest.raises(ReasonTooShort):
        open_search(by=dana, inquiry=Inquiry(reason="x" * 19, words="swimming"))
    with pytest.raises(NotAtTheDesk):
        open_search(by=alice, inquiry=Inquiry(reason=REASON, words="swimming"))
    with pytest.raises(SearchUnreadable):
        open_search(by=dana, inquiry=Inquiry(reason=REASON, words='"swimming'))


def test_a_search_that_cannot_be_read_says_where(desk: Client) -> None:
    form = {"reason": REASON, "words": "(swimming", "span": "all"}
    answer = desk.post("/safeguarding/searches/new/", form)

    assert answer.status_code == 422
    assert "The bracket at character 1 is not closed" in answer.content.decode()


def test_words_and_reason_stand_sealed_and_the_log_has_their_commitment(
    ask: Ask, year_5: Channel, dana: User, bob: User
) -> None:
    say(bob, year_5, "Nothing but swimming")
    ask("swimming")

    search = SearchRecord.objects.get()
    entry = Entry.objects.get(action=Action.RECORD_SEARCHED)
    assert entry.subject == search.uid
    assert entry.actor == dana.id
    assert entry.facts["hits"] == search.hits == 1
    assert entry.facts["record"] == str(search.record)
    assert len(entry.facts["commitment"]) == 64
    assert open_record(search.record)["words"] == "swimming"
    assert open_record(search.record)["reason"] == REASON
    sealed = bytes(SealedRecord.objects.get(id=search.record).sealed)
    assert b"swimming" not in sealed
    assert b"parent rang" not in sealed


@pytest.mark.django_db
def test_no_column_of_oversight_can_hold_text_but_whom_checkpoints_are_sent_to() -> None:
    fields = [
        field
        for model in apps.get_app_config("oversight").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, CharField | TextField | JSONField) and not field.choices
    ]
    assert {str(field) for field in fields} == {
        "oversight.Recipient.name",
        "oversight.Recipient.address",
    }


def test_every_text_that_a_page_lays_open_is_an_item_of_one_entry(
    ask: Ask, year_5: Channel, alice: User, bob: User
) -> None:
    before = say(alice, year_5, "Coach at nine")
    found = say(bob, year_5, "Oliver cried about the swimming again")
    ask("swimming")

    entry = Entry.objects.get(action=Action.RECORD_SHOWN)
    shown = Item.objects.filter(entry=entry)
    assert entry.subject == SearchRecord.objects.get().uid
    assert {before.id, found.id} <= set(shown.values_list("subject", flat=True))
    posted = Entry.objects.get(action=Action.MESSAGE_POSTED, subject=found.id)
    assert (
        bytes(shown.get(subject=found.id).commitment).hex() == (posted.facts["message_commitment"])
    )


def test_opening_a_hit_stands_in_the_log_with_its_search(
    ask: Ask, desk: Client, year_5: Channel, dana: User, bob: User
) -> None:
    message = say(bob, year_5, "Oliver cried about the swimming again")
    ask("swimming")
    search = SearchRecord.objects.get()

    answer = desk.get(f"/safeguarding/searches/{search.number}/messages/{message.id}/")

    assert "Oliver cried about the swimming again" in _page(answer)
    entry = Entry.objects.get(action=Action.MESSAGE_OPENED)
    assert (entry.actor, entry.subject) == (dana.id, message.id)
    assert entry.facts["search"] == str(search.uid)


def test_every_text_of_an_opened_place_is_an_item_of_its_entry(
    ask: Ask, desk: Client, year_5: Channel, alice: User, bob: User
) -> None:
    before = say(alice, year_5, "Coach at nine")
    found = say(bob, year_5, "Oliver cried about the swimming")
    edit_message(author=bob, message_id=found.id, body="Oliver cried about swimming again")
    ask("swimming")
    number = SearchRecord.objects.latest("number").number

    desk.get(f"/safeguarding/searches/{number}/messages/{found.id}/")

    items = Item.objects.filter(entry__action=Action.MESSAGE_OPENED)
    laid_open = set(items.values_list("subject", "version"))
    assert {(before.id, 1), (found.id, 1), (found.id, 2)} <= laid_open


def test_a_search_opens_no_message_that_it_did_not_find(
    ask: Ask, desk: Client, year_5: Channel, bob: User
) -> None:
    say(bob, year_5, "Oliver cried about the swimming again")
    other = say(bob, year_5, "My own business")
    ask("swimming")
    number = SearchRecord.objects.get().number

    answer = desk.get(f"/safeguarding/searches/{number}/messages/{other.id}/")

    assert answer.status_code == 404
    assert not Entry.objects.filter(action=Action.MESSAGE_OPENED).exists()


def test_a_channel_about_the_searcher_is_neither_found_nor_counted_nor_opened(
    ask: Ask, desk: Client, alice: User, bob: User, dana: User
) -> None:
    about = create_channel(
        by=alice, kind="private", name="About D", members=[bob], about=[dana], sensitive=True
    )
    secret = say(alice, about, "Dana and the swimming")
    say(bob, channel_of(bob), "Only swimming")

    page = _page(ask("swimming"))
    search = SearchRecord.objects.get()

    assert "Dana and the" not in page
    assert "About D" not in page
    assert search.hits == 1
    opened = desk.get(f"/safeguarding/searches/{search.number}/messages/{secret.id}/")
    assert opened.status_code == 404
    assert "About D" not in _page(desk.get("/safeguarding/searches/new/"))


def test_a_search_repeated_later_finds_what_it_found_at_first(
    year_5: Channel, bob: User, dana: User
) -> None:
    first = say(bob, year_5, "Only swimming")
    inquiry = Inquiry(reason=REASON, words="swimming")
    search = open_search(by=dana, inquiry=inquiry)
    say(bob, year_5, "More swimming")
    edit_message(author=bob, message_id=first.id, body="Swimming, edited since")

    again = found_by(dana, inquiry, search.opened_at)

    assert [(hit.message.id, hit.version) for hit in again.hits] == [(first.id, 1)]


def test_filters_narrow_it_to_a_person_a_channel_and_a_time(
    ask: Ask, year_5: Channel, alice: User, bob: User
) -> None:
    other = create_channel(by=alice, kind="private", name="Year 6", members=[bob])
    say(alice, year_5, "Swimming says Alice here")
    say(bob, year_5, "Swimming says Bob here")
    say(bob, other, "Swimming says Bob there")

    page = _page(ask("swimming", person=str(bob.id), channel=str(year_5.id)))
    assert "1</b> found" in page
    page = _page(ask("swimming", until="2020-01-01", span="dates"))
    assert "0</b> found" in page
    assert "From the beginning of the record to the end of 1 Jan 2020" in page
    page = _page(ask("swimming", since="2019-09-01", until="2020-01-01", span="dates"))
    assert "From 1 Sep 2019 to the end of 1 Jan 2020" in page


def test_pages_go_on_to_older_hits(ask: Ask, desk: Client, year_5: Channel, bob: User) -> None:
    for number in range(22):
        say(bob, year_5, f"Swimming number{number}")

    first = ask("swimming")
    results = first.context["results"]
    assert len(results.hits) == 20
    number = SearchRecord.objects.get().number
    second = desk.get(f"/safeguarding/searches/{number}/", {"before": str(results.next)})
    assert len(second.context["results"].hits) == 2
    assert desk.get(f"/safeguarding/searches/{number}/", {"before": "x"}).status_code == 302


def test_a_word_from_an_imported_file_is_found_under_its_printed_name(
    ask: Ask, alice: User
) -> None:
    channel_of(alice, name="Reception")
    sample = Path(__file__).parent.parent / "data" / "whatsapp" / "dev1_ios_en_gb.txt"
    call_command("import_whatsapp", str(sample), channel="Reception", verbosity=0)

    page = _page(ask('"cover only"'))

    assert "Nadia Begum" in page
    assert "for <mark>cover</mark> <mark>only</mark>" in page
    assert ">imported</span>" in page
