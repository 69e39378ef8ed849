"""Text for load and search tests: words by a law of Zipf and Mandelbrot, quickly and repeatably.

A draw is a word, a phrase or a name, now and then misspelt, so that searches find common words,
rare ones, phrases and people; about one message in a hundred carries a reference that occurs
nowhere else.
"""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

from schoolchat.synthetic.words import PHRASES, misspelt, names, word_list

EXPONENT, OFFSET = 1.18, 2.7  # of Zipf and Mandelbrot: a thousand words are 75 % of what is said
NAME_SHARE, PHRASE_SHARE = 0.03, 0.04  # of draws
SLIP_SHARE = 0.001  # of draws: a name with a slip in it
REFERENCE_EVERY = 97  # messages
BATCH = 4_096  # words drawn at once
_ENDINGS = (".", ".", ".", "", "", "", "?", "!", " 👍", "")


def texts(rng_seed: int, n: int) -> Iterator[str]:
    """n messages of about twelve words, the same for the same seed."""
    rng = Random(rng_seed)
    words = _drawn(rng)
    lengths = _lengths(rng)
    for number in range(n):
        length = lengths[number % len(lengths)]
        while len(words) < length:
            words += _drawn(rng)
        said = words[-length:]
        del words[-length:]
        if number % REFERENCE_EVERY == 0:
            said.append(f"HL-{rng.getrandbits(40):010x}")
        text = " ".join(said)
        yield text[0].upper() + text[1:] + _ENDINGS[number % len(_ENDINGS)]


def _drawn(rng: Random) -> list[str]:
    return rng.choices(_POOL, cum_weights=_WEIGHTS, k=BATCH)


def _lengths(rng: Random) -> list[int]:
    """Draws a message, log-normal: many short ones, few of more than forty. A prime many."""
    return [max(1, min(90, round(rng.lognormvariate(2.08, 0.8)))) for _ in range(4_099)]


def _pool() -> tuple[list[str], list[float]]:
    """What can be drawn, and the running sum of the weights."""
    words = word_list()
    by_rank = [1 / (rank + OFFSET) ** EXPONENT for rank in range(1, len(words) + 1)]
    total = sum(by_rank) / (1 - NAME_SHARE - PHRASE_SHARE - SLIP_SHARE)
    people = [NAME_SHARE * total * share for share in _falling(len(names()))]
    phrases = [PHRASE_SHARE * total * share for share in _falling(len(PHRASES))]
    slips = [SLIP_SHARE * total * share for share in _falling(len(misspelt()))]
    pool = [*words, *names(), *PHRASES, *misspelt()]
    return pool, list(accumulate(by_rank + people + phrases + slips))


def _falling(count: int) -> list[float]:
    """Shares that sum to 1 and fall slowly with the rank."""
    weights = [1 / (rank + 10) for rank in range(count)]
    return [weight / sum(weights) for weight in weights]


_POOL, _WEIGHTS = _pool()
