"""A hold by words holds all that it covers until its matches are written down, and then those."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.models import Message
from messaging.search.errors import QueryError
from messaging.services.corrections import correct_own
from messaging.services.messages import edit_message
from retention.models import Hold, HoldMark
from retention.services.holds import release_hold
from retention.workers import matching
from retention.workers.destroying import carry_out_approved
from retention.workers.matching import match_open_holds
from tests.cast import client_of
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, approved, held, past_channel, words_in
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.uploads import NOTE, ids, uploaded

KILN = "the kiln"


def _held_of(messages: Iterable[Message]) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message FROM retention_held")
        found: set[UUID] = {row[0] for row in cursor.fetchall()}
    return [message.pk in found for message in messages]


def _match() -> int:
    with acting_as("worker"):
        return match_open_holds()


@pytest.mark.django_db
def test_all_that_it_covers_is_held_until_its_matches_are_written_down(
    alice: User, bob: User, dana: User
) -> None:
    one, other = channel_of(alice, bob, name="One"), channel_of(alice, bob, name="Other")
    said = [
        say(alice, one, "The kiln is broken"),
        say(bob, one, "Wet play"),
        say(bob, other, "Kiln"),
    ]
    hold = held(dana, channel=one, words=KILN)
    assert _held_of(said) == [True, True, False]
    assert "Still being looked for" in _page(dana, hold)
    assert _match() > 0
    assert _held_of(said) == [True, False, False]
    assert "In 1 message." in _page(dana, hold)
    assert KILN in _page(dana, hold)


@pytest.mark.django_db
def test_what_enters_or_is_edited_is_held_until_it_has_been_matched_itself(
    alice: User, dana: User
) -> None:
    channel = channel_of(alice)
    known = say(alice, channel, "Wet play")
    held(dana, words="kiln")
    _match()
    assert _held_of([known]) == [False]
    said = [say(alice, channel, "Kiln"), say(alice, channel, "Register")]
    edit_message(author=alice, message_id=known.pk, body="Wet play, and the kiln")
    assert _held_of([known, *said]) == [True, True, True]
    _match()
    assert _held_of([known, *said]) == [True, True, False]
    edit_message(author=alice, message_id=known.pk, body="Wet play")
    _match()
    assert _held_of([known]) == [True]  # an earlier version still says it


@pytest.mark.django_db
def test_words_are_found_in_files_and_corrections_too(alice: User, dana: User) -> None:
    channel = channel_of(alice)
    file = say(alice, channel, "See there", uploads=ids(uploaded(alice, channel, NOTE, "kiln.txt")))
    wrong = say(alice, channel, "It is mended")
    correct_own(author=alice, message_id=wrong.pk, body="The kiln is not mended")
    held(dana, channel=channel, words="kiln")
    _match()
    assert _held_of([file, wrong]) == [True, True]


@pytest.mark.django_db
def test_matching_goes_on_where_it_was_killed_and_is_entered_once(
    at: Clock, monkeypatch: pytest.MonkeyPatch, alice: User, dana: User, priya: User
) -> None:
    past, now = past_channel(at, alice), channel_of(alice)
    said = [Message.objects.get(channel=past, seq=3), say(alice, now, "Kiln")]
    hold = held(dana, words="marmalade OR kiln")
    real = matching._match_month
    done: list[object] = []

    def killed(*which: object) -> int:
        if done:
            raise KeyboardInterrupt
        done.append(which)
        return real(*which)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(matching, "_match_month", killed)
        with pytest.raises(KeyboardInterrupt):
            _match()
    assert HoldMark.objects.get().month == date(2024, 3, 1)
    assert _held_of(said)[1]
    _match()
    _match()
    entry = Entry.objects.get(action=Action.HOLD_MATCHED)
    assert (entry.actor, entry.subject) == (None, hold.uid)
    assert entry.facts["messages"] == hold.matches.count() == 3


@pytest.mark.django_db
def test_its_words_are_sealed_and_kept_from_whom_it_is_on(
    alice: User, dana: User, priya: User, helen: User, carol: User
) -> None:
    hold = held(dana, person=priya, words="zebrafinch")
    _match()
    assert "zebrafinch" not in str(list(Entry.objects.values_list("facts", flat=True)))
    for person in (priya, carol):
        assert client_of(person).get(f"/records/holds/{hold.number}/").status_code == 404
    assert b"zebrafinch" not in client_of(priya).get("/audit/").content
    entry = Entry.objects.get(action=Action.HOLD_MATCHED)
    assert client_of(priya).get(f"/audit/entries/{entry.id}/").status_code == 404
    release_hold(by=helen, number=hold.number, reason=REASON)
    assert _match() == 0


@pytest.mark.django_db
def test_what_cannot_be_searched_for_is_refused_in_a_sentence(alice: User, dana: User) -> None:
    with pytest.raises(QueryError):
        held(dana, words='"not closed')
    fields = {"kind": "police", "words": '"not closed', "reason": REASON, "owner": dana.pk}
    fields["review_on"] = "2099-01-01"
    page = client_of(dana).post("/records/holds/new/", fields).content.decode()
    assert "words" in page
    assert not Hold.objects.exists()
    client_of(dana).post("/records/holds/new/", fields | {"words": "kiln"})
    assert Hold.objects.get().by_words


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("movable_keyring")
def test_a_disposal_destroys_what_does_not_match_and_nothing_before_that_is_known(
    at: Clock, alice: User, dana: User, hari: User, helen: User
) -> None:
    unmatched, matched = past_channel(at, alice), past_channel(at, alice, name="Other")
    held(dana, channel=unmatched, words="kiln")
    held(dana, channel=matched, words="kiln")
    with at(PAST):
        say(alice, matched, "The kiln again")
    _match()
    with at(PAST):
        say(alice, unmatched, "What was not looked through")
    approved(hari, helen)
    with acting_as("disposer"):
        carry_out_approved()
    assert words_in(matched) == 2
    assert words_in(unmatched) == 2


def _page(by: User, hold: Hold) -> str:
    return client_of(by).get(f"/records/holds/{hold.number}/").content.decode()
