"""What was done where leaves are not what was sealed: changed, moved, put in or taken out. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audit.verification.findings import Deed, Finding

#: So many differences are kept and told apart; of the rest only the number is said.
MOST: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A leaf that is not what was sealed.

    Attributes:
        leaf: its number.
        entry: id and uid of the entry that stands there now; None where there is none.
        said: the hash of what that entry says; None where there is none.
        sealed: the hash that was sealed.
        only_stored: whether the entry says what was sealed, and only a stored hash differs.
    """

    leaf: int
    entry: tuple[int, str] | None
    said: bytes | None
    sealed: bytes
    only_stored: bool = False


def told(differences: Sequence[Difference], *, last: int) -> Iterator[Finding]:
    """A sentence for each; `last` is the number of the last leaf there is."""
    places = {one.sealed: one.leaf for one in differences}
    shifted: int | None = None
    for one in differences:
        came_from = None if one.said is None else places.get(one.said)
        if came_from is None:
            if shifted == 1 and one is differences[-1]:
                return  # the run goes on where nothing more is known of what was sealed
            shifted = None
            yield _alone(one, differences, places)
        elif came_from - one.leaf in {-1, 1} and shifted == came_from - one.leaf:
            continue  # one of a run that was pushed along
        else:
            shifted = came_from - one.leaf
            yield from _moved(one, came_from, differences, last)


def _alone(one: Difference, differences: Sequence[Difference], places: dict[bytes, int]) -> Finding:
    """What is there now was never sealed."""
    if one.entry is None:
        return Finding(
            deed=Deed.REMOVED,
            leaf=one.leaf,
            sentence=f"Leaf {one.leaf} is missing: the entry that was sealed there was removed.",
        )
    name = _name(one)
    if one.said is None:
        sentence = f"{name}, sealed as leaf {one.leaf}, was removed from the log."
        return Finding(deed=Deed.REMOVED, leaf=one.leaf, sentence=sentence)
    if one.only_stored:
        sentence = f"The hash that is stored for {name} (leaf {one.leaf}) was changed."
        return Finding(deed=Deed.CHANGED, leaf=one.leaf, sentence=sentence)
    if _next_is_pushed(one, differences, places):
        sentence = f"{name} was inserted at leaf {one.leaf}, and those after it pushed along."
        return Finding(deed=Deed.INSERTED, leaf=one.leaf, sentence=sentence)
    sentence = f"{name} was changed after it had been sealed as leaf {one.leaf}."
    return Finding(deed=Deed.CHANGED, leaf=one.leaf, sentence=sentence)


def _next_is_pushed(
    one: Difference, differences: Sequence[Difference], places: dict[bytes, int]
) -> bool:
    following = next((other for other in differences if other.leaf == one.leaf + 1), None)
    return following is not None and places.get(following.said or b"") == one.leaf


def _moved(
    one: Difference, came_from: int, differences: Sequence[Difference], last: int
) -> Iterator[Finding]:
    """What is there now was sealed elsewhere."""
    if came_from == one.leaf + 1 and not _answered(one, came_from, differences):
        yield Finding(
            deed=Deed.REMOVED,
            leaf=one.leaf,
            sentence=(
                f"The entry that was sealed as leaf {one.leaf} was removed, and those after it "
                f"up to leaf {last} renumbered."
            ),
        )
    elif came_from != one.leaf - 1 or _answered(one, came_from, differences):
        yield Finding(
            deed=Deed.REORDERED,
            leaf=one.leaf,
            sentence=(
                f"{_name(one)} stands at leaf {one.leaf}, but was sealed as leaf {came_from}: "
                "the order was changed."
            ),
        )


def _answered(one: Difference, came_from: int, differences: Sequence[Difference]) -> bool:
    """Whether the two changed places with each other."""
    other = next((other for other in differences if other.leaf == came_from), None)
    return other is not None and other.said == one.sealed


def _name(one: Difference) -> str:
    number, uid = one.entry or (0, "")
    return f"Entry {number} ({uid})"
