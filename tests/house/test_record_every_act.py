"""Every service is an act with exactly one entry, or stands on the closed list of those without."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import pytest
from django.db import transaction

import accounts.services
import messaging.services
import oversight.services
import retention.services
from accounts.services import school, sessions
from audit import sealed
from audit.models import Entry
from messaging.services import channels
from oversight.services.verifications import ask_verification
from tests.house.acts import ACTS, AT_FIRST, BEFORE
from tests.house.without_entry import ACTS_WITHOUT_ENTRY, COMPOSED, PARTS
from tests.house.world import World, make_world
from tests.roles import acting_as


def _name(service: Callable[..., object]) -> str:
    return f"{service.__module__}.{service.__name__}"


def _services() -> Iterator[Callable[..., object]]:
    """The public functions of every module of services."""
    for package in (accounts.services, messaging.services, oversight.services, retention.services):
        for module in _modules(package):
            for name, member in inspect.getmembers(module, inspect.isfunction):
                if member.__module__ == module.__name__ and not name.startswith("_"):
                    yield member


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _nothing(_world: World) -> None:
    pass


def _entries_of(act: Callable[[], object], before: Callable[[], object]) -> int:
    """How many entries it writes; everything is undone."""
    with transaction.atomic():
        before()
        written = Entry.objects.count()
        act()
        count = Entry.objects.count() - written
        transaction.set_rollback(True)
    return count


@pytest.fixture
def world(db: None, movable_keyring: object) -> World:
    return make_world()


def test_every_service_is_known_here() -> None:
    known = {_name(service) for service in (*ACTS, *AT_FIRST)}
    known |= ACTS_WITHOUT_ENTRY | PARTS | COMPOSED
    assert sorted({_name(service) for service in _services()} - known) == []


def test_nothing_is_known_here_that_is_no_service_any_more() -> None:
    known = ACTS_WITHOUT_ENTRY | PARTS | COMPOSED
    assert sorted(known - {_name(service) for service in _services()}) == []


def test_every_act_writes_one_entry(world: World) -> None:
    written = {
        _name(service): _entries_of(
            partial(act, world), partial(BEFORE.get(service, _nothing), world)
        )
        for service, act in ACTS.items()
    }
    assert {name: count for name, count in written.items() if count != 1} == {}


@pytest.mark.database_role("owner")
def test_the_first_acts_of_a_database_write_one_entry(db: None) -> None:
    written = {_name(one): _entries_of(act, lambda: None) for one, act in AT_FIRST.items()}
    assert set(written.values()) == {1}


@pytest.mark.database_role("owner")
def test_making_a_school_enters_each_of_its_parts(db: None) -> None:
    school.create_school(school_name="Hazel Lane", admin="a@x.example", second="b@x.example")
    acts = list(Entry.objects.order_by("id").values_list("action", flat=True))
    assert acts == ["school.created", "person.invited", "person.invited", *["role.granted"] * 2]


def test_reading_and_failing_to_sign_in_write_none(world: World) -> None:
    silent: list[Callable[[], object]] = [
        lambda: channels.mark_read_many(positions={(world.bob.id, world.channel.id): 1}),
        lambda: sessions.count_failed_code(person=world.bob),
        lambda: ask_verification(by=world.helen),
    ]
    assert [_entries_of(act, lambda: None) for act in silent] == [0, 0, 0]


def test_no_entry_holds_a_word(world: World) -> None:
    from tests.house.world import CONTENT, PLACES, REASONS

    facts = str(list(Entry.objects.values_list("facts", flat=True)))
    names = [person.display_name for person in world.people.values()]
    assert [word for word in (*CONTENT, *PLACES, *REASONS, *names) if word in facts] == []
    with acting_as("owner"):
        record = Entry.objects.get(action="record.searched").facts["record"]
    assert sealed.open_record(record)["words"]
