"""Facts about people: changed by an administrator, carried into the log sealed."""

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog

from accounts.errors import AlreadyHere, NotAllowed
from accounts.models import ApiToken
from accounts.services.people import change_person
from accounts.services.tokens import create_token
from audit.models import Entry, SealedRecord
from audit.sealed import open_record
from tests.accounts.scenes import Cast, entries_of, fact, record_of, sign_in_with_factor


def test_old_and_new_values_stand_sealed_and_the_log_has_only_field_names(cast: Cast) -> None:
    (entry,) = entries_of(
        lambda: change_person(
            by=cast.theo,
            person_id=cast.bob.pk,
            changes={"display_name": "Robert", "job_title": "Cook", "email": cast.bob.email},
        )
    )
    assert (entry.action, entry.actor, entry.subject) == (
        "setting.changed",
        cast.theo.pk,
        cast.bob.pk,
    )
    assert fact(entry, "fields") == ["display_name", "job_title"]
    assert "Robert" not in str(entry.facts)
    assert open_record(record_of(entry))["values"] == {
        "display_name": ["Bob", "Robert"],
        "job_title": ["", "Cook"],
    }


def test_auditlogs_own_table_stays_empty(cast: Cast) -> None:
    change_person(by=cast.theo, person_id=cast.bob.pk, changes={"display_name": "Robert"})
    assert not LogEntry.objects.exists()


def test_it_stays_empty_whoever_registers_a_model_with_it(cast: Cast) -> None:
    auditlog.register(ApiToken)
    try:
        create_token(by=cast.alice, person=cast.alice, name="script")
    finally:
        auditlog.unregister(ApiToken)
    assert not LogEntry.objects.exists()


def test_a_change_that_fails_leaves_no_entry(cast: Cast) -> None:
    before = Entry.objects.count(), SealedRecord.objects.count()
    with pytest.raises(AlreadyHere):
        change_person(by=cast.theo, person_id=cast.bob.pk, changes={"email": "alice@school.test"})
    assert (Entry.objects.count(), SealedRecord.objects.count()) == before


def test_nothing_changed_is_nothing_entered(cast: Cast) -> None:
    assert not entries_of(
        lambda: change_person(by=cast.theo, person_id=cast.bob.pk, changes={"display_name": "Bob"})
    )


@pytest.mark.parametrize("who", ["bob", "carol", "dana", "helen"])
def test_only_an_administrator_changes_them(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        change_person(by=getattr(cast, who), person_id=cast.bob.pk, changes={"display_name": "X"})


def test_the_pages_find_show_and_change(cast: Cast) -> None:
    client = sign_in_with_factor(cast.theo)
    found = client.get("/manage/?q=bob").content.decode()
    assert "bob@school.test" in found
    assert "alice@school.test" not in found
    rows = client.get("/manage/?q=bob", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rows
    url = f"/manage/people/{cast.bob.pk}/"
    assert client.get(f"{url}change/").status_code == 200
    client.post(f"{url}change/", {"email": "bob@school.test", "display_name": "Robert"})
    assert "Robert" in client.get(url).content.decode()


def test_an_approver_sees_people_and_does_not_change_them(cast: Cast) -> None:
    client = sign_in_with_factor(cast.helen)
    assert client.get("/manage/").status_code == 200
    assert client.get(f"/manage/people/{cast.bob.pk}/change/").status_code == 404
    assert client.get("/manage/invite/").status_code == 404


def test_an_id_that_is_nobodys_is_404(cast: Cast) -> None:
    client = sign_in_with_factor(cast.theo)
    assert client.get("/manage/people/01890000-0000-7000-8000-000000000000/").status_code == 404
