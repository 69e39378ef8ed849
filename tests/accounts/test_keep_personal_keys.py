"""A person's own key: made on first use, bound to what it seals, gone with the account."""

import pytest
from django.db import DatabaseError
from django.db.transaction import atomic

from accounts.errors import PersonNotFound
from accounts.models import PersonalKey
from accounts.personal_keys import OwnAltered, key_of, open_own, seal_own
from accounts.services.people import deactivate_person, reactivate_person
from audit.models import Entry
from tests.accounts.scenes import Cast
from tests.roles import acting_as


def test_it_is_made_once_and_opens_what_it_sealed(cast: Cast) -> None:
    before = Entry.objects.count()
    sealed, key = seal_own(cast.alice.pk, "draft", b"Not yet", "Year 5")
    assert b"Not yet" not in sealed
    assert key_of(cast.alice.pk) == key
    assert open_own(key, "draft", sealed, "Year 5") == b"Not yet"
    assert Entry.objects.count() == before


@pytest.mark.parametrize(("kind", "about"), [("draft", "Year 6"), ("upload", "Year 5")])
def test_what_is_put_in_another_place_does_not_open(cast: Cast, kind: str, about: str) -> None:
    sealed, key = seal_own(cast.alice.pk, "draft", b"Not yet", "Year 5")
    with pytest.raises(OwnAltered):
        open_own(key, kind, sealed, about)


def test_nobody_else_s_key_opens_it(cast: Cast) -> None:
    sealed, _key = seal_own(cast.alice.pk, "draft", b"Not yet", "Year 5")
    for other in (cast.carol, cast.theo):
        with pytest.raises(OwnAltered):
            open_own(key_of(other.pk), "draft", sealed, "Year 5")
    with pytest.raises(OwnAltered):
        open_own(key_of(cast.alice.pk), "draft", b"", "Year 5")


def test_it_goes_with_the_account_and_does_not_come_back(cast: Cast) -> None:
    old = key_of(cast.alice.pk)
    deactivate_person(by=cast.theo, person_id=cast.alice.pk)
    assert not PersonalKey.objects.filter(person=cast.alice).exists()
    with pytest.raises(PersonNotFound):
        key_of(cast.alice.pk)
    reactivate_person(by=cast.theo, person_id=cast.alice.pk)
    assert bytes(key_of(cast.alice.pk).wrapped) != bytes(old.wrapped)


def test_those_who_serve_cannot_change_it_and_the_sealer_cannot_see_it(cast: Cast) -> None:
    theirs = PersonalKey.objects.filter(pk=key_of(cast.alice.pk).pk)
    with acting_as("web"), pytest.raises(DatabaseError, match="denied"), atomic():
        theirs.update(wrapped=b"another")
    with acting_as("sealer"), pytest.raises(DatabaseError, match="denied"), atomic():
        theirs.exists()
