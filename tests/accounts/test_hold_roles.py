"""What each role may do, and that the groups agree with it."""

import pytest
from django.contrib.auth.models import Group

from accounts.doors import DOORS, door_of
from accounts.models import User
from accounts.roles import PERMISSIONS, ROLE_PERMISSIONS, SENSITIVE_ROLES, Role


def test_every_role_has_a_label_and_a_list_of_permissions_that_exist() -> None:
    for role in Role:
        assert role.label
        assert ROLE_PERMISSIONS[role] <= set(PERMISSIONS)


def test_every_role_but_staff_is_sensitive_and_staff_may_nothing_beyond() -> None:
    assert set(Role) - SENSITIVE_ROLES == {Role.STAFF}
    assert not ROLE_PERMISSIONS[Role.STAFF]


def test_it_never_reads_content_and_the_dpo_never_approves() -> None:
    assert ROLE_PERMISSIONS[Role.IT_ADMIN] == {
        "manage_people",
        "request_role",
        "manage_school",
    }
    assert "approve_records" not in ROLE_PERMISSIONS[Role.DPO]
    assert ROLE_PERMISSIONS[Role.AUDITOR] == {"read_log"}


def test_nobody_alone_asks_and_grants_as_it_and_approver() -> None:
    for role, names in ROLE_PERMISSIONS.items():
        assert not {"manage_people", "grant_role"} <= names, role


@pytest.mark.django_db
def test_the_groups_have_exactly_these_permissions() -> None:
    for role in Role:
        held = Group.objects.get(name=role).permissions.values_list("codename", flat=True)
        assert set(held) == ROLE_PERMISSIONS[role]


def test_doors_open_by_permissions_that_exist() -> None:
    for door in DOORS:
        assert set(door.permissions) <= set(PERMISSIONS)
        assert door_of(f"{door.prefix}x/") is door
    assert door_of("/") is None


def test_there_is_no_telephone_number_and_no_superuser() -> None:
    names = {field.name for field in User._meta.get_fields()}
    assert not {name for name in names if "phone" in name or "mobile" in name}
    assert not {"is_superuser", "is_staff", "username"} & names
