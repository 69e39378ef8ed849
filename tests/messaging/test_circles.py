"""Who may see whom, as it is read: who comes while it is being read is of the next time."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from messaging.live import circles
from messaging.live.circles import Circles

ALICE, BOB, CAROL = uuid4(), uuid4(), uuid4()
YEAR_5, YEAR_6 = uuid4(), uuid4()
MEMBERS = {YEAR_5: frozenset({ALICE, BOB}), YEAR_6: frozenset({ALICE, CAROL})}


async def test_who_comes_while_the_database_is_asked_is_asked_for_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = Circles(only_direct=False)
    asked: list[set[UUID]] = []

    async def in_thread(_call: Any, **given: Any) -> dict[UUID, frozenset[UUID]]:
        asked.append(set(given["people"]) | set(given["channels"]))
        people = set(given["people"])
        if len(asked) == 1:
            here.came(CAROL)
            here.regrouped(YEAR_5)
        found = {name: members for name, members in MEMBERS.items() if members & people}
        return found | {name: MEMBERS[name] for name in given["channels"]}

    monkeypatch.setattr(circles, "in_thread", in_thread)
    here.came(BOB)
    assert await here.learn() == []
    assert here.around(CAROL) == set()
    (regrouped,) = await here.learn()
    assert regrouped.channel == YEAR_5
    assert here.around(CAROL) == {ALICE}
    assert await here.learn() == []
    assert asked == [{BOB}, {CAROL, YEAR_5}]
