"""Who is online or away: what the sockets of this process show, and what other processes say. Pure.

All of it is forgotten with the process. Times are monotonic seconds that the caller gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class State(StrEnum):
    """As the protocol names it."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


#: Who is online anywhere is online.
_BEST_FIRST: Final = (State.ONLINE, State.AWAY)

type States = dict[UUID, State]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """All in seconds.

    Attributes:
        tell: changes are collected for so long.
        heartbeat: how often a process says who is at it.
        expiry: a process that has not said so for so long is gone, and its people with it.
        linger: somebody without a socket counts as there for so long: they may be reloading.
        idle: somebody who has done nothing for so long is away.
    """

    tell: float = 2.0
    heartbeat: float = 20.0
    expiry: float = 45.0
    linger: float = 30.0
    idle: float = 600.0


@dataclass(kw_only=True, slots=True)
class _Here:
    """Somebody who has, or just had, sockets at this process."""

    active_at: float
    sockets: int = 0
    left_at: float = 0.0


class Attendance:
    """Who is here and who is elsewhere, and what of it was told."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._here: dict[UUID, _Here] = {}
        self._own: States = {}
        self._elsewhere: dict[str, States] = {}
        self._heard_at: dict[str, float] = {}
        self._told: States = {}
        self._touched: set[UUID] = set()

    # -- here

    @property
    def here(self) -> Mapping[UUID, object]:
        """The people who have a socket here, or had one just now."""
        return self._here

    @property
    def own(self) -> Mapping[UUID, State]:
        """What this process says of its people."""
        return self._own

    def opened(self, person: UUID, at: float) -> bool:
        """One more socket; whether the person was not here before.

        Coming back within moments is the network's doing, and no sign of somebody being there.
        """
        here = self._here.get(person)
        if new := here is None:
            here = self._here[person] = _Here(active_at=at)
        here.sockets += 1
        return new

    def closed(self, person: UUID, at: float) -> None:
        """One socket less."""
        here = self._here[person]
        here.sockets -= 1
        here.left_at = at

    def active(self, person: UUID, at: float) -> None:
        """The person did something."""
        if here := self._here.get(person):
            here.active_at = at

    def look(self, at: float) -> States:
        """What has become of the people here since the last look."""
        present = {person: self._state(here, at) for person, here in self._here.items()}
        changed = {person: now for person, now in present.items() if self._own.get(person) != now}
        for person in [person for person, now in changed.items() if now is State.OFFLINE]:
            del self._here[person], present[person]
        self._own = present
        self._touched |= changed.keys()
        return changed

    def _state(self, here: _Here, at: float) -> State:
        if not here.sockets and at - here.left_at >= self._pace.linger:
            return State.OFFLINE
        return State.AWAY if at - here.active_at >= self._pace.idle else State.ONLINE

    # -- elsewhere

    def heard(self, process: str, states: States, at: float, *, everybody: bool) -> None:
        """A process says what has changed, or how it is with everybody at it."""
        before = self._elsewhere.get(process, {})
        now = states if everybody else {**before, **states}
        self._elsewhere[process] = {p: state for p, state in now.items() if state in _BEST_FIRST}
        self._heard_at[process] = at
        self._touched |= before.keys() | states.keys() if everybody else states.keys()

    def expire(self, at: float) -> None:
        """Processes that say nothing any more are gone."""
        for process, heard_at in list(self._heard_at.items()):
            if at - heard_at >= self._pace.expiry:
                del self._heard_at[process]
                self._touched |= self._elsewhere.pop(process).keys()

    def rest(self, at: float) -> None:
        """Nobody can be heard just now: that somebody says nothing means nothing."""
        self._heard_at = dict.fromkeys(self._heard_at, at)

    # -- both

    def state_of(self, person: UUID) -> State:
        """The best of what is known."""
        known = {states.get(person) for states in (self._own, *self._elsewhere.values())}
        return next((state for state in _BEST_FIRST if state in known), State.OFFLINE)

    def told(self, person: UUID) -> State:
        """What those who may see this person were told last."""
        return self._told.get(person, State.OFFLINE)

    def changes(self) -> States:
        """What has to be told since the last call; from now on it counts as told."""
        touched, self._touched = self._touched, set()
        present = {person: self.state_of(person) for person in touched}
        changed = {person: now for person, now in present.items() if now is not self.told(person)}
        self._told.update(changed)
        for person in [person for person, now in changed.items() if now is State.OFFLINE]:
            del self._told[person]
        return changed
