"""The root of a checkpoint as 24 English words, to be read out, printed and typed in again. Pure.

The words are those of BIP-39, whose 24 stand for 32 bytes and a check of 8 bits, so that a word
misread or two exchanged are noticed. There they hide a secret; here they say a public number.
"""

import re
from typing import Final

from mnemonic import Mnemonic

#: How many words a root has.
WORDS: Final = 24
_LIST: Final = Mnemonic("english")
_LETTERS: Final = re.compile(r"[a-z]+")


class WordsUnreadable(ValueError):
    """These are not the 24 words of a root: compare each of them with the sheet."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def words_of(root: bytes) -> list[str]:
    """The 24 words of a root of 32 bytes."""
    return _LIST.to_mnemonic(root).split()


def root_of(words: str) -> bytes:
    """The root that the words say. Capitals, and numbers or commas between them, do not matter, and
    of each word its first four letters are enough. Raises WordsUnreadable.
    """
    typed = [_LIST.expand_word(word) for word in _LETTERS.findall(words.lower())]
    if len(typed) != WORDS:
        raise WordsUnreadable
    try:
        return bytes(_LIST.to_entropy(typed))
    except ValueError:
        raise WordsUnreadable from None
