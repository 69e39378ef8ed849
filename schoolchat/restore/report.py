"""What a restore and a drill have found, in sentences for a terminal."""

from collections.abc import Iterator, Sequence

from retention.replaying import Replayed
from schoolchat.restore.drill import Drilled
from schoolchat.restore.restoring import Restored


def report(found: Restored | Drilled) -> list[str]:
    """A sentence or more a line: that all is well, unless there are problems, and what is left for
    somebody to do all the same."""
    well = [] if found.problems else [_well(found)]
    return [*well, *(_left_to_do(found.replayed) if isinstance(found, Restored) else ())]


def _well(found: Restored | Drilled) -> str:
    counts = (
        f"{found.messages} messages, {found.entries} entries of the log and {found.files} files"
    )
    if isinstance(found, Drilled):
        return (
            f"ok: the backup {found.backup} can be restored, with {counts}; all "
            f"{found.versions} versions fit their commitments. Nothing was touched."
        )
    again = found.replayed
    return (
        f"ok: {counts} are back; {found.gap} entries that were signed for are gone. The log goes "
        f"on as {found.origin}. Since the backup {again.holds} holds were placed and "
        f"{again.released} released, {again.matters} concerns raised, {again.accounts} accounts "
        f"closed, {again.roles} roles ended and {again.messages} messages disposed of: all of it "
        "is so again."
    )


def _left_to_do(again: Replayed) -> Iterator[str]:
    if again.unclear:
        yield (
            f"Of {again.unclear} parts of disposals nobody knows whether they were carried out: "
            "they wait under Records."
        )
    if again.unplaced:
        yield (
            f"{_holds(again.unplaced)} not placed again, since nobody in the backup works with "
            "records: give somebody that role, and place anew what was held before anything is "
            "disposed of."
        )
    if again.unheld:
        yield (
            f"{_holds(again.unheld)} not placed again, since the backup has none of the channels "
            "or none of the people: place anew what is still to be held."
        )


def _holds(numbers: Sequence[int]) -> str:
    *others, last = [str(number) for number in numbers]
    return f"Holds {', '.join(others)} and {last} were" if others else f"Hold {last} was"
