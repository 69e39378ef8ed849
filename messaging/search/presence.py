"""Whether a month can hold an answer, by its vocabulary alone. Pure.

Only for a searcher who reaches every channel (`Scope.reaches_all`): a vocabulary knows the words
of all of them, and an answer that comes sooner for what no channel says would tell others what
the channels say that they cannot read.
"""

from collections.abc import Sequence
from typing import Final

from messaging.search.analysis import FUNCTION_WORDS, stem
from messaging.search.conditions import Expand
from messaging.search.tree import All, How, Node, Pattern, Some, Without, Words
from messaging.search.vocabulary import Words as Row
from messaging.search.welsh import kin

_SHORTEST: Final = 4
"""Letters of a stem that is looked up by its beginning: 'die' is also the stem of 'dying'."""


def may_hold(node: Node, rows: Sequence[Row], expand: Expand) -> bool:
    """Whether a text whose words are in these rows of a vocabulary may answer `node`; yes, where
    that cannot be told."""
    match node:
        case Words():
            return all(
                any(_stands(node, number, forms, rows, expand) for forms in unit)
                for number, unit in enumerate(node.units)
            )
        case Without():
            return True
        case All(nodes):
            return all(may_hold(each, rows, expand) for each in nodes)
        case Some(nodes):
            return any(may_hold(each, rows, expand) for each in nodes)


def _stands(
    words: Words, unit: int, forms: tuple[str, ...], rows: Sequence[Row], expand: Expand
) -> bool:
    """Whether all of `forms`, a way to write a chunk, stand there."""
    return all(
        _resembled(form, words.how(unit, place, forms), rows, expand)
        for place, form in enumerate(forms)
    )


def _resembled(form: str, how: How, rows: Sequence[Row], expand: Expand) -> bool:
    match how:
        case How.EXACT:
            return form in FUNCTION_WORDS or _as_written(form, rows)
        case How.STEM:
            ways = (form, *kin(form))
            return form in FUNCTION_WORDS or any(_in_some_form(way, rows) for way in ways)
        case _:
            if how is How.START and form in FUNCTION_WORDS:
                return True
            return expand(Pattern(form=form, how=how)) != []


def _as_written(form: str, rows: Sequence[Row]) -> bool:
    word = form.encode()
    return any(row.has(word) for row in rows)


def _in_some_form(form: str, rows: Sequence[Row]) -> bool:
    """Whether a word with the same stem stands there."""
    sought = stem(form)
    if not (sought.isascii() and sought.isalpha()):
        return _as_written(form, rows)
    if len(sought) < _SHORTEST:
        return True
    # A word begins with its stem, but for the stem's last letter: 'happy' with 'happi'.
    beginning = sought[:-1].encode()
    return any(stem(word.decode()) == sought for row in rows for word in row.starting(beginning))
