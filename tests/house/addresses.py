"""Every address that the product answers, read from the resolver and filled with real ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from audit.models import Entry
from tests.house.placeholders import ids_of, numbers_of
from tests.house.world import World

_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, kw_only=True)
class Address:
    """One address: its name in the resolver, its pattern, and a path with real ids."""

    name: str
    route: str
    path: str

    @property
    def names_something(self) -> bool:
        """Whether it holds the id of a thing."""
        return "<" in self.route


def addresses(world: World) -> list[Address]:
    """All of them; an id that nobody knows how to fill is an error, so that none is left out."""
    first = Entry.objects.order_by("id").values_list("id", flat=True)[0]
    known = {**ids_of(world), "entry_id": first}
    numbers = numbers_of(world)
    return [
        Address(name=name, route=route, path=_fill(route, known, numbers))
        for name, route in _routes(get_resolver(), "/")
    ]


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield entry.name or entry.callback.__name__, route
        else:
            yield from _routes(entry, route)


def _fill(route: str, known: Mapping[str, object], numbers: Mapping[str, int]) -> str:
    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        if name != "number":
            return str(known[name])
        return str(numbers[route[: found.start()].rstrip("/").rsplit("/", 1)[-1]])

    return _PLACEHOLDER.sub(fill, route)
