"""What it costs to look whether a message holds what is pointed out: microseconds a message.

    python -m benchmarks.nudges

The table of rules alone, on messages as people write them and on the longest and worst ones.
"""

import os
import platform
from datetime import date
from importlib import import_module
from statistics import median
from time import perf_counter

import django

ROUNDS = 9
DAY = date(2026, 11, 29)
MESSAGES = {
    "words, 100 characters": (
        "Could somebody take my duty at break? The hall is free, and Year 5 come back late today."
    ),
    "words with numbers": (
        "Trip on 14 May at 9.30, 28 children, meet in room 12. Bring 3 adults and a first aid kit."
    ),
    "a pupil's UPN in it": "Could you look at the file of H801200001001 before Monday, please?",
    "words, 8,000 characters": "The hall is free at half past two. " * 228,
    "digits, 8,000 characters": "12 " * 2_666,
    "names and a date, 8,000 characters": "Aa Bb " * 1_332 + "1/3/14",
}


def main() -> None:
    """Print a line a message."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
    django.setup()
    found_in = import_module("messaging.nudges.rules").found_in

    print(f"{platform.python_version()}, median of {ROUNDS} rounds")
    for name, text in MESSAGES.items():
        times = 2_000 if len(text) < 1_000 else 20
        found_in(text, DAY)
        rounds = []
        for _ in range(ROUNDS):
            began = perf_counter()
            for _ in range(times):
                found_in(text, DAY)
            rounds.append((perf_counter() - began) / times)
        print(f"{name:40} {median(rounds) * 1e6:10.1f} µs")


if __name__ == "__main__":
    main()
