"""Every act and its entry are done together or not at all, whatever fails and when it does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Provenance, User
from accounts.roles import Role
from accounts.services import people, school
from accounts.services.people import Newcomer
from audit.actions import Action
from audit.services import record
from tests.house.acts import ACTS, AT_FIRST, BEFORE
from tests.house.without_entry import COMPOSED
from tests.house.world import World, make_world
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)

_WORDS = "no entry is taken"
_FUNCTION = f"""
CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$;
"""
#: As the entry is written, whatever the act has written before; and after the act's last write.
_AT_ONCE = "CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_entry FOR EACH ROW"
_AT_COMMIT = (
    "CREATE CONSTRAINT TRIGGER refuse_entry AFTER INSERT ON audit_entry"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
)

type Deed = Callable[[], object]
#: Does a deed that must leave nothing behind.
type Attempt = Callable[[Deed], None]


def _rolled_back(deed: Deed) -> None:
    with transaction.atomic():
        deed()
        transaction.set_rollback(True)


def _refused(deed: Deed) -> None:
    """Where the database refuses the entry, whoever acts hears of it."""
    with pytest.raises(DatabaseError, match=_WORDS):
        deed()


@contextmanager
def _refusing(trigger: str) -> Iterator[None]:
    _as_owner(f"{_FUNCTION} {trigger} EXECUTE FUNCTION refuse_entry()")
    try:
        yield
    finally:
        _as_owner("DROP TRIGGER refuse_entry ON audit_entry; DROP FUNCTION refuse_entry")


def _as_owner(statement: str) -> list[tuple[str, int, str]]:
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


type Failure = tuple[Callable[[], AbstractContextManager[None]], Attempt]
FAILURES: dict[str, Failure] = {
    "its transaction is rolled back": (nullcontext, _rolled_back),
    "its entry cannot be written": (partial(_refusing, _AT_ONCE), _refused),
    "its commit fails": (partial(_refusing, _AT_COMMIT), _refused),
}
every_failure = pytest.mark.parametrize("failure", [*FAILURES.values()], ids=FAILURES)


def _is_leaving(world: World) -> None:
    last_day = {"leaving_on": date(2026, 8, 31)}
    people.change_person(by=world.theo, person_id=world.alice.id, changes=last_day)


def _see_out(_world: World) -> None:
    assert people.deactivate_leavers(today=date(2026, 9, 1)) == 1


TRIED = ACTS | {people.deactivate_leavers: _see_out}
#: What has to have happened before. It stays, and the first of them closes Bob's account.
PREPARED = BEFORE | {people.deactivate_leavers: _is_leaving}


class Watched:
    """The tables, before and after."""

    def __init__(self) -> None:
        self._rows = _rows()

    def changed_by(self, attempt: Attempt, deed: Deed) -> list[str]:
        """The tables that are not as they were."""
        attempt(deed)
        before, self._rows = self._rows, _rows()
        return sorted({table for table, *_ in before ^ self._rows})


def _rows() -> set[tuple[str, int, str]]:
    """How many rows each table has that has any, and what they come to."""
    tables = _as_owner(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname IN ('public', 'search')"
    )
    sums = " UNION ALL ".join(
        f"SELECT '{name}', count(*), sum(hashtextextended(t::text, 0)::numeric)::text"
        f" FROM {name} t HAVING count(*) > 0"
        for (name, *_) in tables
    )
    return set(_as_owner(sums))


@pytest.fixture
def world(movable_keyring: object) -> World:
    return make_world()


@every_failure
def test_neither_an_act_nor_its_entry_remains_when(world: World, failure: Failure) -> None:
    failing, attempt = failure
    watched = Watched()
    with failing():
        for service in (one for one in TRIED if one not in PREPARED):
            left = watched.changed_by(attempt, partial(TRIED[service], world))
            assert (service.__name__, left) == (service.__name__, [])
    for service, prepare in reversed(PREPARED.items()):
        prepare(world)
        watched = Watched()
        with failing():
            left = watched.changed_by(attempt, partial(TRIED[service], world))
        assert (service.__name__, left) == (service.__name__, [])


@every_failure
@pytest.mark.database_role("owner")
def test_nothing_remains_of_the_first_acts_of_a_database_when(failure: Failure) -> None:
    failing, attempt = failure
    watched = Watched()
    with failing():
        for act in (*AT_FIRST.values(), _make_school):
            assert watched.changed_by(attempt, act) == []
    person = _first_invited()
    watched = Watched()
    with failing():
        assert watched.changed_by(attempt, lambda: _give_role(person)) == []


def test_every_act_that_is_composed_is_tried_here() -> None:
    tried = (school.create_school, school.give_roles_at_setup, people.deactivate_leavers)
    assert {f"{one.__module__}.{one.__name__}" for one in tried} == COMPOSED


@pytest.mark.parametrize("trigger", [_AT_ONCE, _AT_COMMIT], ids=["at once", "at commit"])
def test_an_act_that_is_not_done_with_its_entry_is_found(bob: User, trigger: str) -> None:
    def close() -> None:
        User.objects.filter(pk=bob.pk).update(is_active=False)
        with transaction.atomic():
            record(Action.PERSON_DEACTIVATED, actor=None, subject=bob.pk)

    watched = Watched()
    with _refusing(trigger):
        assert watched.changed_by(_refused, close) == ["public.accounts_user"]


def _make_school() -> None:
    school.create_school(school_name="Hazel Lane", admin="a@x.example", second="b@x.example")


def _first_invited() -> User:
    school.write_provenance(kind=Provenance.Kind.SCHOOL, school_name="Hazel Lane")
    newcomer = Newcomer(email="a@x.example", display_name="Ada")
    return people.invite_person(by=None, newcomer=newcomer).person


def _give_role(person: User) -> None:
    school.give_roles_at_setup(people={person: [Role.APPROVER]})
