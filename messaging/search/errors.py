"""Why a search cannot be read.

The docstring is the sentence that a person sees, in their language, as it is of every error here;
in it stand the place, counted in characters from 1, and what to type. What somebody typed never
does, so that the sentence may be logged.
"""

from messaging.exceptions import MessagingError


class QueryError(MessagingError):
    """This search cannot be read. Change it and search again."""

    def __init__(self, place: int, **values: str | int) -> None:
        """`place` is the character that it stumbles over; `values` stand in the sentence, too."""
        super().__init__()
        self.place = place
        self._values = {"place": place, **values}

    def __str__(self) -> str:
        return super().__str__() % self._values


class NothingAsked(QueryError):
    """Type at least one word to look for."""


class OnlyLeftOut(QueryError):
    """Type a word to find, too: a search cannot only leave words out."""


class SearchTooLong(QueryError):
    """Shorten the search to %(most)d characters."""


class TooManyWords(QueryError):
    """Look for at most %(most)d words at once."""


class QuoteNotClosed(QueryError):
    """The quotation mark at character %(place)d is not closed. Type another " after the phrase."""


class StarInside(QueryError):
    """The star at character %(place)d stands inside a word.

    Type it at the end, as in plan*, or on both sides, as in *lan*.
    """


class StarAlone(QueryError):
    """The star at character %(place)d stands alone.

    Type the beginning of a word before it, as in plan*.
    """


class StarOfMisspelt(QueryError):
    """A word takes either a ~ before it or a star after it.

    Remove the star at character %(place)d, or the ~.
    """


class TooFewLetters(QueryError):
    """After the %(sign)s at character %(place)d type at least three letters, as in %(example)s."""


class BracketNotClosed(QueryError):
    """The bracket at character %(place)d is not closed. Type ) where it should end."""


class BracketNotOpened(QueryError):
    """The bracket at character %(place)d closes nothing. Remove it, or type ( before it."""


class BracketsEmpty(QueryError):
    """There is nothing to look for in the bracket before character %(place)d.

    Type a word there, or remove the bracket.
    """


class WordMissingBeside(QueryError):
    """%(sign)s needs a word on both sides, and one is missing at character %(place)d.

    Type one there, or type %(sign)s in small letters if you mean the word itself.
    """


class WordMissingAfterNot(QueryError):
    """NOT needs a word after it, and there is none at character %(place)d.

    Type one there, or type NOT in small letters if you mean the word itself.
    """


class WordMissingAfterDash(QueryError):
    """There is nothing to leave out after the dash, at character %(place)d.

    Type a word there, or remove the dash.
    """


class FilterTwice(QueryError):
    """Type %(filter)s: only once. Remove the one at character %(place)d, or the one before it."""


class PersonMissing(QueryError):
    """After %(filter)s: at character %(place)d type a name, as in from:alice."""


class ChannelMissing(QueryError):
    """After %(filter)s: at character %(place)d type a channel, as in in:staffroom."""


class DateMissing(QueryError):
    """After %(filter)s: at character %(place)d type a date, as in %(filter)s:30/11/2026."""


class ValueMissing(QueryError):
    """After %(filter)s: at character %(place)d type what you look for, as in %(example)s."""


class ValueUnknown(QueryError):
    """After %(filter)s: at character %(place)d type one of these: %(known)s."""


class DateUnknown(QueryError):
    """The date at character %(place)d is not known.

    Type it as in %(filter)s:30/11/2026 or %(filter)s:2026-11-30.
    """


class PersonUnknown(QueryError):
    """Nobody whom you can look for has the name at character %(place)d.

    Check how it is spelt, or choose the person under ‘Written by’.
    """


class PersonOfSeveral(QueryError):
    """Several people have the name at character %(place)d.

    Type more of it, in quotation marks if it has spaces, or choose under ‘Written by’.
    """


class ChannelUnknown(QueryError):
    """No channel that you can search has the name at character %(place)d.

    Check how it is spelt, or choose the channel under ‘Where’.
    """


class ChannelOfSeveral(QueryError):
    """Several channels have the name at character %(place)d.

    Type more of it, in quotation marks if it has spaces, or choose under ‘Where’.
    """


class PageUnknown(QueryError):
    """These results cannot be continued from here. Please search again."""
