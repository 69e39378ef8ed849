"""Words that may be one another misspelt: one letter off, or alike in sound. Pure.

One letter off is a letter too many, too few, another, or two that changed places (the optimal
string alignment distance). Alike in sound is the same metaphone code, which says how English
speakers read a word: Catherine, Kathryn; Steven, Stephen; Mohammed, Muhammad.
"""

from functools import lru_cache
from typing import Final

import jellyfish
from rapidfuzz.distance import OSA

from messaging.search.analysis import FUNCTION_WORDS

_KEPT: Final = 1 << 16
_LEAST_SOUND: Final = 2
"""Letters of a code below which a sound says too little: tea, to and two are all T."""
_INITIALS: Final = {
    "0": "t",
    "B": "b",
    "F": "fpv",
    "H": "h",
    "J": "jgd",
    "K": "kcqg",
    "L": "l",
    "M": "m",
    "N": "nkgp",
    "P": "p",
    "R": "rw",
    "S": "sczx",
    "T": "td",
    "W": "w",
    "X": "cst",
    "Y": "y",
}
"""The letters that words begin with, by the first letter of their code; a vowel is itself. Other
letters that English does not begin words with so (wb…, aeb…) are left out."""


@lru_cache(maxsize=_KEPT)
def sound(form: str) -> str:
    """The code of a folded word's sound; empty where it has none that says enough."""
    if not (form.isascii() and form.isalpha()):
        return ""
    code = jellyfish.metaphone(form)
    return code if len(code) >= _LEAST_SOUND else ""


def is_alike(form: str, other: str) -> bool:
    """Whether `other` may be meant by `form`; words that are everywhere never are."""
    if other in FUNCTION_WORDS:
        return False
    if is_near(form, other):
        return True
    return other[:1] in initials(form) and sound(other) == sound(form) != ""


def is_near(form: str, other: str) -> bool:
    """Whether two words are one letter off."""
    return OSA.distance(form, other, score_cutoff=1) <= 1


def initials(form: str) -> set[str]:
    """The letters that a word which sounds like `form` may begin with, and that of `form`."""
    return {form[:1], *_INITIALS.get(sound(form)[:1], "")}


def with_another_initial(form: str) -> tuple[str, str]:
    """What a word that is one letter off and begins with another letter is or ends with: it is
    the first of these, or ends with the second."""
    return form[1:2] + form[:1] + form[2:], form[1:]
