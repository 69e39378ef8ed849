"""The first run: provenance once and for all, two people, the key on paper."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.errors import Alone, AlreadySetUp, NotAllowed
from accounts.models import Provenance, RoleGrant, User
from accounts.recovery import recovery_sheet
from accounts.roles import Role
from accounts.services.people import Newcomer, accept_invitation
from accounts.services.school import (
    create_school,
    give_roles_at_setup,
    make_up_people,
    write_provenance,
)
from audit.keyring import master_key
from audit.models import Entry
from tests.accounts.scenes import PASSWORD, Cast, sign_in

ARGUMENTS = ("create_school", "Hazel Lane", "--admin", "a@school.test", "--second", "b@school.test")

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def _types_back(monkeypatch: pytest.MonkeyPatch) -> None:
    words = " ".join(line.word for line in recovery_sheet(master_key()))
    monkeypatch.setattr("builtins.input", lambda _question: words)


@pytest.mark.usefixtures("db", "_types_back")
def test_two_people_are_invited_and_neither_grants_alone(as_role: AsRole) -> None:
    out = StringIO()
    with as_role("owner"):
        call_command(*ARGUMENTS, stdout=out)
    secrets = re.findall(r"/accounts/invitation/([^/\s]+)/", out.getvalue())
    people = [accept_invitation(secret=secret, password=PASSWORD) for secret in secrets]
    assert [person.email for person in people] == ["a@school.test", "b@school.test"]
    held = {grant.person.email: grant.role for grant in RoleGrant.objects.all()}
    assert held == {"a@school.test": Role.IT_ADMIN, "b@school.test": Role.APPROVER}
    acts = list(Entry.objects.order_by("id").values_list("action", flat=True))
    assert acts == [
        "school.created",
        *["person.invited"] * 2,
        *["role.granted"] * 2,
        *["person.joined"] * 2,
    ]
    sign_in(people[0])


@pytest.mark.django_db
def test_nothing_is_set_up_before_the_words_are_typed_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "no idea")
    with pytest.raises(CommandError):
        call_command(*ARGUMENTS, stdout=StringIO(), stderr=StringIO())
    assert not User.objects.exists()
    assert not Provenance.objects.exists()


@pytest.mark.usefixtures("_types_back")
def test_a_second_school_is_refused(cast: Cast) -> None:
    with pytest.raises(CommandError):
        call_command(*ARGUMENTS, stdout=StringIO())
    with pytest.raises(AlreadySetUp):
        write_provenance(kind=Provenance.Kind.DEMO, school_name="Other")


@pytest.mark.django_db
def test_one_person_alone_is_refused() -> None:
    with pytest.raises(Alone):
        create_school(school_name="Hazel Lane", admin="a@school.test", second="A@school.test ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_provenance SET kind = 'demo'",
        "DELETE FROM accounts_provenance",
        "TRUNCATE accounts_provenance",
        "INSERT INTO accounts_provenance VALUES (2, 'demo', 'x', now())",
    ],
)
def test_provenance_is_unalterable_for_its_owner_too(
    cast: Cast, as_role: AsRole, statement: str
) -> None:
    with as_role("owner"), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)
    assert Provenance.objects.get().kind == Provenance.Kind.SCHOOL


def test_once_somebody_has_joined_no_role_is_just_given(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        give_roles_at_setup(people={cast.carol: [Role.DSL]})


def test_people_are_made_up_only_where_nobody_is_real(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        make_up_people(newcomers=[], password=PASSWORD)


def test_made_up_people_sign_in_and_hold_roles(demo: Cast) -> None:
    (person,) = make_up_people(
        newcomers=[Newcomer(email="Olu@school.test", display_name="Olu")], password=PASSWORD
    )
    give_roles_at_setup(people={person: [Role.DEPUTY_DSL]})
    assert sign_in(person).get("/safeguarding/").status_code == 200
