"""Every scene is set by the owner, every body is another role, and none is left behind."""

import pytest
from django.db import connection

from tests import roles


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0]).removeprefix("schoolchat_")


@pytest.fixture
def scene(db: None) -> str:
    """Who sets it."""
    return _role()


def test_a_scene_is_set_by_the_owner(scene: str) -> None:
    assert (scene, _role()) == ("owner", "web")


def test_so_is_one_that_a_body_asks_for(db: None, request: pytest.FixtureRequest) -> None:
    assert (request.getfixturevalue("scene"), _role()) == ("owner", "web")


def test_a_role_that_is_left_behind_is_named_and_put_right(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE schoolchat_worker")
    assert roles.left_behind() == ["acting as web", "a connection as schoolchat_worker"]
    assert _role() == "owner"
    assert roles.left_behind() == []
