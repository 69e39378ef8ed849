"""`/readyz` tells a database that is away from one whose connections are all in use."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import RequestFactory

from schoolchat import health

pytestmark = pytest.mark.django_db

type Pooled = Callable[[], DatabaseWrapper]
_CONNECTIONS = 2


@pytest.fixture
def pooled() -> Iterator[Pooled]:
    """Each call is another thread's way to the database, all over one pool."""
    options = {"min_size": 0, "max_size": _CONNECTIONS, "timeout": 0.2}
    settings = {**connection.settings_dict, "CONN_MAX_AGE": 0}
    settings["OPTIONS"] = {**settings["OPTIONS"], "pool": options}
    made = [DatabaseWrapper(settings, alias="pooled")]

    def another() -> DatabaseWrapper:
        made.append(DatabaseWrapper(settings, alias="pooled"))
        return made[-1]

    yield another
    for one in made:
        one.close()
    made[0].close_pool()


def _asked() -> tuple[int, dict[str, object]]:
    answer = health.ready(RequestFactory().get("/readyz"))
    return answer.status_code, json.loads(answer.content)


def test_it_says_that_all_connections_are_in_use_and_when_one_is_free(
    pooled: Pooled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "connection", pooled())
    taken = [pooled() for _ in range(_CONNECTIONS)]
    for one in taken:
        one.ensure_connection()
    status, said = _asked()
    assert (status, said["database"], said["connections"]) == (503, True, False)
    assert str(said["said"]).startswith("All connections of this process")
    taken[0].close()
    status, said = _asked()
    assert (status, said["database"], said["connections"]) == (200, True, True)
    assert "said" not in said


def test_a_database_that_is_away_is_called_so(
    pooled: Pooled, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = pooled()
    away.settings_dict = {**away.settings_dict, "PORT": "1", "HOST": "127.0.0.1"}
    away.settings_dict["OPTIONS"] = {
        name: value for name, value in away.settings_dict["OPTIONS"].items() if name != "pool"
    }
    monkeypatch.setattr(health, "connection", away)
    status, said = _asked()
    assert (status, said["database"], said["connections"]) == (503, False, False)
    assert "said" not in said
