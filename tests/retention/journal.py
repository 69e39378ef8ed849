"""What the journal outside says, line by line."""

from audit.journal import lines
from audit.journal.lines import Act, Line
from audit.journal.places import place


def outside() -> list[Line]:
    """Every line, held against the one before it."""
    found: list[Line] = []
    for number in place().numbers():
        raw = place().read(number)
        assert raw is not None
        before = found[-1].digest if found else lines.NOTHING
        found.append(lines.read(raw, number=number, previous=before))
    return found


def acts() -> list[Act]:
    """What happened, in order."""
    return [line.said.act for line in outside()]
