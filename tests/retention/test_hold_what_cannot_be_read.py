"""A hold by words holds documents of which nobody can say whether the words stand in them."""

from collections.abc import Iterable
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from messaging.models import Channel, File, Message
from retention.workers.matching import match_open_holds
from tests.cast import client_of
from tests.messaging.files import samples
from tests.retention.scenes import held
from tests.roles import acting_as
from tests.scenes import channel_of, say
from tests.uploads import ids, uploaded

pytestmark = pytest.mark.django_db

LETTER = samples.pdf_saying("Bring wellingtons for the pond")
SCAN = samples.pdf_saying("Page one of two", samples.A_SCAN)
SHUT = samples.pdf()


def _with(by: User, channel: Channel, data: bytes, name: str = "letter.pdf") -> Message:
    return say(by, channel, "See there", uploads=ids(uploaded(by, channel, data, name)))


def _held_of(messages: Iterable[Message]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message FROM retention_held")
        found = {row[0] for row in cursor.fetchall()}
    return {message.pk for message in messages} & found


def _match() -> None:
    with acting_as("worker"):
        match_open_holds()


def test_what_was_scanned_or_does_not_open_is_held_and_the_page_says_how_many(
    alice: User, dana: User
) -> None:
    channel = channel_of(alice)
    letter, scan, shut = (_with(alice, channel, data) for data in (LETTER, SCAN, SHUT))
    said = say(alice, channel, "The kiln is broken")
    hold = held(dana, channel=channel, words="kiln")
    _match()
    assert _held_of([letter, scan, shut, said]) == {scan.pk, shut.pk, said.pk}
    page = client_of(dana).get(f"/records/holds/{hold.number}/").content.decode()
    assert "In 1 message." in page
    assert "2 messages besides" in page


def test_what_was_read_before_it_was_noted_whether_wholly_is_held(alice: User, dana: User) -> None:
    channel = channel_of(alice)
    letter = _with(alice, channel, LETTER)
    with acting_as("owner"):
        File.objects.update(read_whole=None)
    held(dana, channel=channel, words="kiln")
    _match()
    assert _held_of([letter]) == {letter.pk}


def test_words_that_are_found_beside_it_are_found(alice: User, dana: User) -> None:
    channel = channel_of(alice)
    _with(alice, channel, SCAN)
    hold = held(dana, channel=channel, words="see page")
    _match()
    assert not hold.matches.get().unread
